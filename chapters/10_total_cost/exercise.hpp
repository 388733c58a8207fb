// Exercise 10: one number for the whole picture (tutorial, step 4).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include "nst/error.hpp"

namespace exercise {

/// J = alpha J_content + beta J_style: what to keep against what to take on.
inline double total_cost(double content_cost, double style_cost, double alpha = 10,
                         double beta = 40) {
    throw nst::Error("total_cost: not written yet");
}

}  // namespace exercise
