#include "winograd/winograd_filters.hpp"

#include <algorithm>

namespace nst {
inline namespace NST_PRECISION {

namespace {

void copy_taps(const WinogradPlan& plan, const Filters& w, const FilterPiece& piece,
               std::size_t tap, Real* taps) {
    const std::size_t last = std::min(piece.input + piece.depth, plan.inputs);
    const std::size_t count = std::min(piece.columns, plan.outputs - piece.column);
    for (std::size_t k = piece.input; k < last; ++k) {
        std::copy_n(w.data() + (tap * plan.inputs + k) * plan.outputs + piece.column, count,
                    taps + (tap * piece.depth + k - piece.input) * piece.columns);
    }
}

// Backward, the inputs are the filters' C_out and the outputs are their C_in.
void rotate_taps(const WinogradPlan& plan, const Filters& w, const FilterPiece& piece,
                 std::size_t tap, Real* taps) {
    const std::size_t last = std::min(piece.input + piece.depth, plan.inputs);
    const std::size_t end = std::min(piece.column + piece.columns, plan.outputs);
    const Real* from = w.data() + (8 - tap) * plan.outputs * plan.inputs;
    const std::size_t lanes = simd().lanes;
    for (std::size_t o = piece.column; o < end; o += lanes) {
        for (std::size_t k = piece.input; k < last; k += lanes) {
            Real* to =
                taps + (tap * piece.depth + k - piece.input) * piece.columns + o - piece.column;
            if (o + lanes <= end && k + lanes <= last) {
                simd().transpose(from + o * plan.inputs + k, plan.inputs, to, piece.columns);
                continue;
            }
            for (std::size_t i = 0; i < lanes && k + i < last; ++i) {
                for (std::size_t j = 0; j < lanes && o + j < end; ++j) {
                    to[i * piece.columns + j] = from[(o + j) * plan.inputs + k + i];
                }
            }
        }
    }
}

}  // namespace

FilterTransform choose_taps(const WinogradPlan& plan, const Filters& w, const FilterPiece& piece,
                            Real* taps) {
    const bool whole =
        piece.input + piece.depth <= plan.inputs && piece.column + piece.columns <= plan.outputs;
    if (plan.use == FilterUse::forward && whole) {
        const Real* from = w.data() + piece.input * plan.outputs + piece.column;
        return {from,   plan.inputs * plan.outputs, plan.outputs, piece.depth, piece.columns, 0,
                nullptr};
    }
    std::fill_n(taps, 9 * piece.depth * piece.columns, Real(0));
    for (std::size_t tap = 0; tap < 9; ++tap) {
        if (plan.use == FilterUse::forward) {
            copy_taps(plan, w, piece, tap, taps);
        } else {
            rotate_taps(plan, w, piece, tap, taps);
        }
    }
    return {taps,   piece.depth * piece.columns, piece.columns, piece.depth, piece.columns, 0,
            nullptr};
}

}  // namespace NST_PRECISION
}  // namespace nst
