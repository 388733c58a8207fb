#pragma once

#include <cstdint>
#include <random>

#include "nst/api.hpp"
#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Generates the numbers of NumPy's legacy generator after `np.random.seed(seed)`: MT19937 with
/// 53-bit doubles and, for normal numbers, Marsaglia's polar method.
/// Introduced in chapter 01.
class NumpyRandom {
  public:
    explicit NumpyRandom(std::uint32_t seed) : bits_(seed) {}

    /// Returns `np.random.uniform(low, high)`, in [low, high).
    NST_API double uniform(double low, double high);

    /// Returns `np.random.randn()`: mean 0, variance 1.
    NST_API double normal();

  private:
    double fraction();

    std::mt19937 bits_;
    double second_normal_ = 0;  // the polar method produces two at a time
    bool has_second_normal_ = false;
};

}  // namespace NST_PRECISION
}  // namespace nst
