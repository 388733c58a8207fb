// Checks that a classifier can be trained.
#pragma once

#include "nst/classifier.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// @throws Error, beginning with `function`, unless the network consists of 3x3 convolutions, each
///         followed by a ReLU, and poolings, with matching channels, and each head matches the ReLU
///         that it names
void check_classifier(const char* function, const Classifier& classifier);

/// @throws Error, beginning with `function`, unless `other` has the layers, heads and shapes of
///         `expected`, which has already been checked
void require_same_shapes(const char* function, const Classifier& expected, const Classifier& other);

}  // namespace NST_PRECISION
}  // namespace nst
