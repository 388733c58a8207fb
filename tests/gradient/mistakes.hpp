// Shared by the tests of deliberate mistakes.
#pragma once

#include <cstddef>
#include <string>

#include "nst/gradcheck.hpp"
#include "nst/tensor.hpp"
#include "support/catch.hpp"

namespace nst_test {

// Requires that the gradient is found wrong, with this pattern and these words in the report.
inline void is_named(const nst::GradcheckReport& report, nst::MistakePattern pattern,
                     const std::string& part) {
    INFO(report);
    CHECK(report.outcome == nst::GradcheckOutcome::wrong);
    CHECK(report.diagnosis.pattern == pattern);
    CHECK(report.diagnosis.words.find(part) != std::string::npos);
}

// Calls change(value, i, j, c) for every value.
template <class Change>
nst::Tensor3 changed(nst::Tensor3 tensor, const Change& change) {
    for (std::size_t i = 0; i < tensor.shape(0); ++i) {
        for (std::size_t j = 0; j < tensor.shape(1); ++j) {
            for (std::size_t c = 0; c < tensor.shape(2); ++c) change(tensor(i, j, c), i, j, c);
        }
    }
    return tensor;
}

}  // namespace nst_test
