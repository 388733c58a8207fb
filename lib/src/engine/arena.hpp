// A memory arena: one allocation for all buffers with planned, limited lifetimes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A buffer that is needed from one step to another.
struct Lifetime {
    std::size_t bytes;
    std::size_t first;  ///< the step that writes it
    std::size_t last;   ///< the last step that reads it
};

/// Offsets for all lifetimes, such that no two buffers alive at the same step overlap.
struct ArenaPlan {
    std::vector<std::size_t> offsets;  ///< in bytes, in the order of the lifetimes
    std::size_t bytes = 0;
};

/// Plans offsets: the largest buffer first, each at the lowest offset where it fits.
ArenaPlan plan_arena(const std::vector<Lifetime>& lifetimes);

/// An allocation aligned to a cache line.
class Arena {
  public:
    explicit Arena(std::size_t bytes);

    template <class Value>
    Value* at(std::size_t offset) const {
        return reinterpret_cast<Value*>(memory_.get() + offset);
    }

  private:
    struct Free {
        void operator()(std::byte* memory) const;
    };
    std::unique_ptr<std::byte, Free> memory_;
};

}  // namespace NST_PRECISION
}  // namespace nst
