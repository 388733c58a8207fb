#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nst/api.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The architecture and scale of the network that random_vgg19 makes.
/// Introduced in chapter 02.
struct RandomVgg19Options {
    std::array<std::size_t, 5> channels = {32, 64, 128, 128, 128};  ///< per block
    std::uint32_t seed = 19;
    /// Standard deviation of every pre-activation, in the units of the features. The ratio of style
    /// cost to content cost grows with its square; at this default the tutorial's weights 10 and 40
    /// balance as they do on the real VGG-19.
    double std_dev = 320;
};

/// Makes a thin untrained VGG-19, conv1_1 to pool5, whose features still serve style transfer:
/// random orthogonal filters, calibrated layer by layer over some images.
///
/// The filters of a layer, as a matrix (9 C_in, C_out), have orthonormal columns, or orthonormal
/// rows where C_out exceeds 9 C_in: the matrix is the Q of a QR decomposition of normal random
/// numbers, computed in double and rounded once. Then every channel's filter is scaled and its bias
/// set so that, over all positions of all images, its pre-activation has mean 0 and standard
/// deviation `std_dev`. Uses average pooling.
///
/// @param images  (H, W, 3) each, RGB, 0 to 255; at least one
/// @throws Error when there is no image, a number of channels is zero, std_dev is not positive, or
///         a channel is constant over the images
/// Introduced in chapter 02.
NST_API Network random_vgg19(const std::vector<Image>& images,
                             const RandomVgg19Options& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
