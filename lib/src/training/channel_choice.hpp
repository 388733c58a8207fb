// Which of a convolution's channels a smaller network keeps.
#pragma once

#include <vector>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Sums over the positions of features: what their covariance is computed from.
class CovarianceSums {
  public:
    explicit CovarianceSums(std::size_t channels);

    /// @param features  (H, W, channels)
    void add(const Tensor3& features);

    /// Returns the covariance, (channels, channels), row-major.
    std::vector<double> covariance() const;

  private:
    std::size_t channels_;
    double positions_ = 0;
    std::vector<double> sums_;
    std::vector<double> products_;
};

/// Returns the sum of w w^T over the taps and output channels of the filters that read the
/// channels, (C_in, C_in), row-major.
std::vector<double> use_of_channels(const Filters& next);

/// Chooses channels one after another (nst/distil.hpp has the rule); fewer only if the rest is
/// explained completely. With nothing to tell channels apart the first ones are taken.
/// @param covariance  (C, C)
/// @param use         (C, C), from use_of_channels, or the identity for the last layer
/// @return count indices, ascending
std::vector<std::size_t> choose_channels(std::vector<double> covariance,
                                         const std::vector<double>& use, std::size_t count);

}  // namespace NST_PRECISION
}  // namespace nst
