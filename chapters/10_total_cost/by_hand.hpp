// Chapter 10 by hand: one number for the whole picture (tutorial, step 4).
#pragma once

namespace by_hand {

/// J = alpha J_content + beta J_style: what to keep against what to take on. Only alpha / beta
/// decides where the minimum lies; both together decide how large J is.
inline double total_cost(double content_cost, double style_cost, double alpha = 10,
                         double beta = 40) {
    return alpha * content_cost + beta * style_cost;
}

}  // namespace by_hand
