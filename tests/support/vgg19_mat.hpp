// VGG-19 files of every generation of MatConvNet, written by the test itself: small ones with
// made-up numbers that encode their own position, and one with the shapes of the published network.
#pragma once

#include <array>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "support/mat5.hpp"

namespace nst_test {

/// The contents of the published files at each version.
enum class Generation {
    beta10,  ///< filters, biases; normalization
    beta16,  ///< weights of five fields, biases as rows; normalization with a mean image
    beta17,  ///< meta; weights of six fields
    beta19,  ///< the same with precious and opts
    beta23   ///< the same with dilate, biases as columns
};

std::ostream& operator<<(std::ostream& out, Generation generation);

/// The properties of a file to be written.
struct Vgg19Mat {
    Generation generation = Generation::beta23;
    std::array<std::uint32_t, 5> channels = {2, 3, 4, 5, 6};  ///< of the five blocks
    bool fully_connected = false;                             ///< fc6 to prob after pool5
    std::array<std::uint32_t, 3> fully_connected_outputs = {7, 8, 9};
    bool biases_as_rows = false;  ///< otherwise as in the generation
    bool shuffled = false;        ///< fields in a different order, the mean last
};

/// Value i, in column-major order, of the filters or biases of layer `layer`; exact in single
/// precision.
double made_up_filter(std::size_t layer, std::size_t i);
double made_up_bias(std::size_t layer, std::size_t i);
constexpr std::array<double, 3> made_up_mean = {120.5, 110.25, 100.125};

/// Maps the index of a layer with weights, and the number of values, to the values of one array.
using Values = std::function<std::function<double(std::size_t)>(std::size_t layer, bool is_bias)>;

/// The variables of a file, which a test may change and write with mat5 or matio.
mat5::Named vgg19_variables(const Vgg19Mat& options = {});
mat5::Named vgg19_variables(const Vgg19Mat& options, const Values& values);

/// The struct of one layer.
mat5::Array& layer(mat5::Named& variables, std::size_t index);
/// A top-level variable.
mat5::Array& variable(mat5::Named& variables, const std::string& name);

/// conv1_1, relu1_1, ... pool5, and fc6 to prob if requested.
std::vector<std::string> vgg19_layer_names(bool fully_connected);

}  // namespace nst_test
