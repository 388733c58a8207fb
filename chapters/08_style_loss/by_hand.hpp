// Chapter 08 by hand: how far two Gram matrices are apart, for one layer (tutorial, step 3.2).
#pragma once

#include <cstddef>

#include "nst/gram_matrix.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Matrix;
using nst::Real;
using nst::Tensor3;

/// J_style = sum over a, b of (G(a, b) - A(a, b))^2 / (4 C^2 (H W)^2); a and b in 0..C-1. G is the
/// Gram matrix of the generated features (chapter 07), A the style picture's; H W is the generated
/// picture's own number of positions.
inline double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    const Matrix gram = nst::gram_matrix(generated);
    const std::size_t channels = gram.shape(0);
    double sum = 0;
    for (std::size_t a = 0; a < channels; ++a) {
        for (std::size_t b = 0; b < channels; ++b) {
            const double difference = static_cast<double>(gram(a, b)) - style_gram(a, b);
            sum += difference * difference;
        }
    }
    const double size = static_cast<double>(generated.size());  // H W C
    return sum / (4 * size * size);
}

/// Makes the tutorial's mistake: takes the numbers of (H, W, C), channel fastest, for (C, HW),
/// position fastest, without transposing. A "row" is then a run of HW neighbouring numbers, all
/// channels mixed, and it depends on where things are: not a Gram matrix of the features.
inline Matrix misread_gram_matrix(const Tensor3& features) {
    const std::size_t channels = features.shape(2);
    const std::size_t positions = features.shape(0) * features.shape(1);
    Matrix gram = Matrix::from_shape({channels, channels});
    for (std::size_t a = 0; a < channels; ++a) {
        for (std::size_t b = 0; b < channels; ++b) {
            double sum = 0;
            for (std::size_t p = 0; p < positions; ++p) {
                sum += static_cast<double>(features.data()[a * positions + p]) *
                       features.data()[b * positions + p];
            }
            gram(a, b) = static_cast<Real>(sum);
        }
    }
    return gram;
}

}  // namespace by_hand
