// What a classifier must be like to be trained.
#pragma once

#include "nst/classifier.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// @throws Error, beginning with `function`, unless the network is made of 3x3 convolutions, each
///         with a ReLU after it, and poolings, whose channels fit, and each head fits the ReLU that
///         it names
void check_classifier(const char* function, const Classifier& classifier);

/// @throws Error, beginning with `function`, unless `other` has the layers, heads and shapes of
///         `expected`, which is a checked one
void require_same_shapes(const char* function, const Classifier& expected, const Classifier& other);

}  // namespace NST_PRECISION
}  // namespace nst
