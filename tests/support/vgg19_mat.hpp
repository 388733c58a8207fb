// VGG-19 files of every generation of MatConvNet, made by the test itself: small ones with made-up
// numbers that tell a test where each came from, and one with the shapes of the published network.
#pragma once

#include <array>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "support/mat5.hpp"

namespace nst_test {

/// What the published files had at that time.
enum class Generation {
    beta10,  ///< filters, biases; normalization
    beta16,  ///< weights of five fields, biases as rows; normalization with a mean picture
    beta17,  ///< meta; weights of six fields
    beta19,  ///< the same with precious and opts
    beta23   ///< the same with dilate, biases as columns
};

std::ostream& operator<<(std::ostream& out, Generation generation);

/// What a file is to be like.
struct Vgg19Mat {
    Generation generation = Generation::beta23;
    std::array<std::uint32_t, 5> channels = {2, 3, 4, 5, 6};  ///< of the five blocks
    bool fully_connected = false;                             ///< fc6 to prob behind pool5
    std::array<std::uint32_t, 3> fully_connected_outputs = {7, 8, 9};
    bool biases_as_rows = false;  ///< otherwise as the generation has them
    bool shuffled = false;        ///< fields in another order, the mean behind the rest
};

/// Value i, column by column, of the filters or biases of layer `layer`; exact in single precision.
double made_up_filter(std::size_t layer, std::size_t i);
double made_up_bias(std::size_t layer, std::size_t i);
constexpr std::array<double, 3> made_up_mean = {120.5, 110.25, 100.125};

/// The number of a layer with weights, and how many there are, to the values of one array.
using Values = std::function<std::function<double(std::size_t)>(std::size_t layer, bool is_bias)>;

/// The variables of a file, to be changed by a test and written with mat5 or with matio.
mat5::Named vgg19_variables(const Vgg19Mat& options = {});
mat5::Named vgg19_variables(const Vgg19Mat& options, const Values& values);

/// The struct of one layer.
mat5::Array& layer(mat5::Named& variables, std::size_t index);
/// A variable of the top level.
mat5::Array& variable(mat5::Named& variables, const std::string& name);

/// conv1_1, relu1_1, ... pool5, and fc6 to prob where they are asked for.
std::vector<std::string> vgg19_layer_names(bool fully_connected);

}  // namespace nst_test
