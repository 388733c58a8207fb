// Chapter 07 by hand: which channels are active together (tutorial, step 3.1).
#pragma once

#include <cstddef>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Matrix;
using nst::Real;
using nst::Tensor3;

/// G(a, b) = sum over all positions (i, j) of F(i, j, a) F(i, j, b): how strongly channels a and b
/// answer at the same place; a and b in 0..C-1.
///
/// Where they answer is summed out. Nothing is divided: more pixels make larger numbers, and
/// style_loss takes care of that.
inline Matrix gram_matrix(const Tensor3& features) {
    const auto [height, width, channels] = features.shape();
    Matrix gram = Matrix::from_shape({channels, channels});
    for (std::size_t a = 0; a < channels; ++a) {
        for (std::size_t b = 0; b < channels; ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < height; ++i) {
                for (std::size_t j = 0; j < width; ++j) {
                    sum += static_cast<double>(features(i, j, a)) * features(i, j, b);
                }
            }
            gram(a, b) = static_cast<Real>(sum);
        }
    }
    return gram;
}

}  // namespace by_hand
