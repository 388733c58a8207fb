// What the exercise of chapter 11 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace check_11 {

struct Functions {
    nst::Tensor3 (*relu_backward)(const nst::Tensor3& dy, const nst::Tensor3& y);
    nst::Tensor3 (*average_pool_backward)(const nst::Tensor3& dy, const nst::Shape3& x_shape);
    nst::Tensor3 (*max_pool_backward)(const nst::Tensor3& dy, const nst::MaxPooled& pooled);
    nst::Tensor3 (*conv2d_backward)(const nst::Tensor3& dy, const nst::Filters& w);
    nst::Tensor3 (*content_loss_backward)(const nst::Tensor3& generated,
                                          const nst::Tensor3& content);
    nst::Tensor3 (*gram_matrix_backward)(const nst::Matrix& d_gram, const nst::Tensor3& features);
    nst::Tensor3 (*style_loss_backward)(const nst::Tensor3& generated,
                                        const nst::Matrix& style_gram);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_11

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                                                   \
    check_11::Functions {                                                                      \
        space::relu_backward, space::average_pool_backward, space::max_pool_backward,          \
            space::conv2d_backward, space::content_loss_backward, space::gram_matrix_backward, \
            space::style_loss_backward                                                         \
    }
#define NST_EXERCISE(space) check_11::exercise(NST_FUNCTIONS(space))
