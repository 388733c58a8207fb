// The part of a convolution's filters that is transformed at once, in the order of the transform.
#pragma once

#include "winograd/winograd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Some input and output channels of a plan; those past the last are zero.
struct FilterPiece {
    std::size_t input;
    std::size_t depth;
    std::size_t column;
    std::size_t columns;
};

/// Prepares the transform of a piece's first row, from the filters in place or, where that is not
/// possible, from taps(3, 3, depth, columns), which it fills. Leaves the destination unset.
FilterTransform choose_taps(const WinogradPlan& plan, const Filters& w, const FilterPiece& piece,
                            Real* taps);

}  // namespace NST_PRECISION
}  // namespace nst
