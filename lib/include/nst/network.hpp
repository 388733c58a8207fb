#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/conv2d.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What a layer computes.
/// Introduced in chapter 02.
enum class LayerKind { conv, relu, pool };

/// How a pooling layer reduces its windows: by their mean, as the tutorial does, or their maximum.
/// Introduced in chapter 05.
enum class Pooling { average, max };

/// One layer of the network. Its name is the file's: `conv4_2` before ReLU, `relu4_2` after it.
/// Introduced in chapter 02.
struct Layer {
    LayerKind kind = LayerKind::conv;
    std::string name;
    Filters filters;  ///< (kh, kw, C_in, C_out) of a conv layer, else empty
    Vector bias;      ///< (C_out) of a conv layer, else empty
};

/// A sequence of 3x3 convolutions, ReLUs and 2x2 poolings, with the mean to subtract from its
/// input.
/// Introduced in chapter 02.
struct Network {
    std::vector<Layer> layers;
    std::array<Real, 3> mean{};  ///< RGB, subtracted from an image before the first layer
    std::string description;  ///< the origin of the weights, as written in the file; may be empty

    /// Returns the index of the layer with that name.
    /// @throws Error when there is no such layer; the message lists the layers
    NST_API std::size_t index_of(const std::string& name) const;
};

/// The results of the forward pass that the backward pass needs.
/// Introduced in chapter 05.
struct Activations {
    Tensor3 input;                 ///< (H, W, 3), the image less the mean
    std::vector<Tensor3> outputs;  ///< one for each layer that ran
    Pooling pooling = Pooling::average;
    Padding padding = Padding::zero;
};

/// Gradients of a loss with respect to the outputs of some layers, by layer name.
/// Introduced in chapter 11.
using LayerGradients = std::map<std::string, Tensor3>;

/// Converts an image to a network input: subtracts the network's mean from every pixel.
/// @param image  (H, W, 3), RGB, 0 to 255
/// @return (H, W, 3)
/// @throws Error when the image does not have three channels
/// Introduced in chapter 01.
NST_API Tensor3 subtract_mean(ImageView image, const std::array<Real, 3>& mean);

/// Converts a network input back to an image: adds the mean and clamps to 0..255. NaN stays NaN.
/// Introduced in chapter 01.
NST_API Image add_mean(FeatureView input, const std::array<Real, 3>& mean);

/// Runs the network layer by layer and keeps every output: for learning and for tests. Objective
/// runs its own memory plan and is tested against this function.
/// @param input       (H, W, 3), the image less the mean
/// @param last_layer  name of the last layer to run; later layers are not run
/// @param padding     of every convolution
/// @return one output for each layer up to and including last_layer
/// @throws Error when the layer is unknown or the channels do not match
/// Introduced in chapter 05.
NST_API Activations forward(const Network& network, FeatureView input,
                            const std::string& last_layer, Pooling pooling = Pooling::average,
                            Padding padding = Padding::zero);

/// Carries gradients at the outputs of one or more layers back to the input. At a captured layer,
/// its own gradient is added to the one coming back from the layers after it.
/// @param gradients  dL/d(output) by layer name, each of that output's shape
/// @return dL/d(input), (H, W, 3)
/// @throws Error when there is no gradient, a layer did not run, a shape does not match, or the
///         activations are of another network
/// Introduced in chapter 11.
NST_API Tensor3 backward(const Network& network, const Activations& activations,
                         const LayerGradients& gradients);

}  // namespace NST_PRECISION
}  // namespace nst
