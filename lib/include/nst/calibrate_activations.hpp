#pragma once

#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Calibrates every channel of every convolution to the same mean and standard deviation over some
/// images, layer by layer from the first: scales each filter and sets each bias so that the
/// pre-activation, over all positions of all images, has mean `mean * std_dev` and standard
/// deviation `std_dev`. In the `whitened` layers it first mixes the filters so that no two channels
/// correlate over the images (ZCA, [BS97]). Uses average pooling.
///
/// @param network   the result does not depend on the biases it comes with
/// @param images    (H, W, 3) each, RGB, 0 to 255; at least one
/// @param std_dev   positive, in the units of the features; the ratio of style cost to content cost
///                  grows with its square
/// @param mean      in standard deviations: at 0 a ReLU cuts off about half of the positions, above
///                  0 fewer
/// @param whitened  names of convolutions; each should have many more positions over the images
///                  than channels, because a direction with almost no variance can be amplified a
///                  thousandfold
/// @throws Error when there is no image, std_dev is not positive, a number is not finite, a name is
///         not that of a convolution, or a channel is constant over the images
/// Introduced in chapter 02.
NST_API Network calibrate_activations(Network network, const std::vector<Image>& images,
                                      double std_dev, double mean = 0,
                                      const std::vector<std::string>& whitened = {});

}  // namespace NST_PRECISION
}  // namespace nst
