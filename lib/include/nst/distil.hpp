#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What became of one convolution in distil.
/// Introduced in chapter 18.
struct DistilledLayer {
    std::string name;
    std::size_t teacher_channels;
    std::size_t channels;
    double fitted_error;    ///< on the images, as a share of the variance (ConvRegression::error)
    double held_out_error;  ///< on the images held out; NaN without any
};

/// How distil makes the student.
/// Introduced in chapter 18.
struct DistilOptions {
    /// Channels that are kept in each block, which ends with a pooling; no layer keeps more than it
    /// has. Must not be empty.
    std::vector<std::size_t> channels;
    double ridge = 1e-5;                                  ///< as in ConvRegression::solve
    std::string last_layer = "relu5_1";                   ///< of the student
    std::function<void(const DistilledLayer&)> on_layer;  ///< called after each convolution
    /// Called with the number of steps done, and of all steps, after each.
    std::function<void(std::size_t, std::size_t)> on_progress;
};

/// Makes a smaller network, the student, that computes nearly the same features as its teacher.
///
/// Of each convolution's channels it keeps those from which a linear map predicts the input of the
/// next convolution best, chosen one after another: with R the covariance of the channels after
/// ReLU that the chosen ones leave unexplained, and M the sum of w w^T over the taps and outputs of
/// the next filters w, the one with the largest r^T M r / R_cc, r being column c of R.
/// (Luo, Wu, Lin, *ThiNet*, ICCV 2017, choose by the next layer as well.)
///
/// Then, from the first convolution to the last, filters and bias are the ridge regression of the
/// teacher's values before ReLU on the student's own features, so that each layer makes up for the
/// errors of those before it. Pools by average.
///
/// @param teacher   begins with a convolution of 3 channels
/// @param images    (H, W, 3) each, RGB, 0 to 255, at least one; pieces of photographs
/// @param held_out  images for measuring the error alone; may be empty
/// @return layers up to last_layer, with the teacher's names and mean; without a description
/// @throws Error when there is no image, a shape does not fit, there is no such layer, the number
///         of channels is not one per block, or a feature is not finite
/// Introduced in chapter 18.
NST_API Network distil(const Network& teacher, const std::vector<Image>& images,
                       const std::vector<Image>& held_out, const DistilOptions& options);

/// Returns the channels per block for DistilOptions: of each block's widest convolution the given
/// share, rounded to a multiple of 4, at least 4 where there are as many.
/// @param share  above 0, at most 1
/// @throws Error when share is out of range or there is no such layer
/// Introduced in chapter 18.
NST_API std::vector<std::size_t> share_of_channels(const Network& teacher, double share,
                                                   const std::string& last_layer = "relu5_1");

}  // namespace NST_PRECISION
}  // namespace nst
