// The tensors that the course's unit tests draw with TensorFlow 1, made again without TensorFlow.
#pragma once

#include "nst/tensor.hpp"

namespace course {

/// `a_C`, and again `a_S`: `tf.random_normal([1, 4, 4, 3], mean=1, stddev=4)` after
/// `tf.set_random_seed(1)`, as (4, 4, 3).
nst::Tensor3 first_tensor();

/// `a_G`, drawn after it, as (4, 4, 3).
nst::Tensor3 second_tensor();

/// `A` of the Gram matrix cell, (3, 2) there: 3 channels at 2 positions. Here (2, 1, 3).
nst::Tensor3 gram_tensor();

}  // namespace course
