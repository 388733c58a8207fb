// The part of a convolution's filters that is transformed at a time, in the order of the transform.
#pragma once

#include "winograd/winograd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Some input and output channels of a plan, of which those past the last are zero.
struct FilterPiece {
    std::size_t input;
    std::size_t depth;
    std::size_t column;
    std::size_t columns;
};

/// The first row's transform of a piece, from the filters as they are or, where that will not do,
/// from taps(3, 3, depth, columns), which it fills. Where the result goes is left open.
FilterTransform choose_taps(const WinogradPlan& plan, const Filters& w, const FilterPiece& piece,
                            Real* taps);

}  // namespace NST_PRECISION
}  // namespace nst
