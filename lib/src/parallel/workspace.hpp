// Scratch memory for one caller's parallel loops.
#pragma once

#include <vector>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Scratch memory that is reused from call to call: a second call with the same sizes allocates
/// nothing.
class Workspace {
  public:
    Workspace();

    /// Makes sure that every possible worker now has `size` numbers.
    void reserve(std::size_t size);

    /// Returns at least `size` numbers, uninitialised, for that worker of parallel_blocks.
    Real* buffer(std::size_t worker, std::size_t size);

    /// Returns at least `size` numbers, uninitialised, shared by all workers.
    Real* shared(std::size_t size);

    /// Returns at least `size` doubles, uninitialised, shared by all workers.
    double* sums(std::size_t size);

  private:
    std::vector<std::vector<Real>> buffers_;
    std::vector<Real> shared_;
    std::vector<double> sums_;
};

}  // namespace NST_PRECISION
}  // namespace nst
