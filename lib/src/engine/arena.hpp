// One piece of memory for everything that lives for a part of the time only.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Something that needs memory from one step to another.
struct Lifetime {
    std::size_t bytes;
    std::size_t first;  ///< step that makes it
    std::size_t last;   ///< step that needs it last
};

/// Where each lies, so that no two that live at the same step overlap.
struct ArenaPlan {
    std::vector<std::size_t> offsets;  ///< in the order of the lifetimes
    std::size_t bytes = 0;
};

/// Places the largest first, each at the lowest place where it fits.
ArenaPlan plan_arena(const std::vector<Lifetime>& lifetimes);

/// Memory that begins at a cache line.
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
