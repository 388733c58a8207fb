#pragma once

#include <string>
#include <vector>

#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Gives every channel of every convolution one mean and one deviation over some pictures, layer by
/// layer from the first: scales each filter and sets each bias so that the pre-activation, over all
/// positions of all pictures, has mean `mean * std_dev` and standard deviation `std_dev`. In the
/// `whitened` layers it mixes the filters first, so that no two channels correlate over the
/// pictures (ZCA, [BS97]). Average pooling.
///
/// @param network       its biases count for nothing: another one makes the same result
/// @param pictures      (H, W, 3) each, RGB, 0 to 255; at least one
/// @param std_dev        positive, in the units of the features; style cost over content cost grows
///                      with its square
/// @param mean          in standard deviations: at 0 a ReLU cuts off about half of the positions,
/// above 0 fewer
/// @param whitened  names of convolutions; over the pictures each of them should have many more
///                      positions than channels, for a direction in which they do not vary can
///                      become a thousand times as large
/// @throws Error when there is no picture, the std_dev is not positive, a number is not finite, a
///         name is that of no convolution, or a channel is constant over the pictures
/// Introduced in chapter 02.
Network calibrate_activations(Network network, const std::vector<Image>& pictures, double std_dev,
                              double mean = 0, const std::vector<std::string>& whitened = {});

}  // namespace NST_PRECISION
}  // namespace nst
