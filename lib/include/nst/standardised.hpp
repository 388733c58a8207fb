#pragma once

#include <vector>

#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Gives every channel of every convolution one mean and one deviation over some pictures, layer by
/// layer from the first: scales each filter and sets each bias so that the pre-activation, over all
/// positions of all pictures, has mean 0 and standard deviation `spread`. Average pooling.
///
/// @param network   its biases count for nothing: another one makes the same result
/// @param pictures  (H, W, 3) each, RGB, 0 to 255; at least one
/// @param spread    positive, in the units of the features; the ratio of style to content cost
/// grows
///                  with its square
/// @throws Error when there is no picture, the spread is not positive, or a channel is constant
/// over
///         the pictures
/// Introduced in chapter 02.
Network standardised(Network network, const std::vector<Image>& pictures, double spread);

}  // namespace NST_PRECISION
}  // namespace nst
