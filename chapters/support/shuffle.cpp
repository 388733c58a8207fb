#include "shuffle.hpp"

#include <algorithm>
#include <random>

namespace course {

// Fisher and Yates' method by hand: std::shuffle gives another order in another standard library.
nst::Tensor3 shuffled_positions(const nst::Tensor3& features) {
    const std::size_t channels = features.shape(2);
    nst::Tensor3 result = features;
    std::mt19937 bits(7);
    for (std::size_t left = result.shape(0) * result.shape(1); left > 1; --left) {
        nst::Real* last = result.data() + (left - 1) * channels;
        std::swap_ranges(last, last + channels, result.data() + bits() % left * channels);
    }
    return result;
}

}  // namespace course
