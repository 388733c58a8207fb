// Scratch memory for one caller's parallel loops.
#pragma once

#include <vector>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Scratch memory, kept from call to call: the second call of the same sizes
/// allocates nothing.
class Workspace {
  public:
    Workspace();

    /// Makes sure that every worker that there may now be has `size` numbers.
    void reserve(std::size_t size);

    /// At least `size` numbers for that worker of parallel_blocks, of unknown content.
    Real* buffer(std::size_t worker, std::size_t size);

    /// At least `size` numbers for all workers, of unknown content.
    Real* shared(std::size_t size);

    /// At least `size` numbers in double for all workers, of unknown content.
    double* sums(std::size_t size);

  private:
    std::vector<std::vector<Real>> buffers_;
    std::vector<Real> shared_;
    std::vector<double> sums_;
};

}  // namespace NST_PRECISION
}  // namespace nst
