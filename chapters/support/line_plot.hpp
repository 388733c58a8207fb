// Curves in a frame with ticks, drawn as a picture.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace course {

/// Points that are joined by straight lines; x and y of one length, at least one point.
struct Curve {
    std::string name;
    std::vector<double> x;
    std::vector<double> y;
};

/// What stands around the curves.
struct Axes {
    std::string title;
    std::string x_label;
    std::string y_label;
    bool log_x = false;  ///< equal factors instead of equal steps; leaves out values of 0 and below
    bool log_y = false;
};

/// Draws the curves over each other, each in its colour, with the names above them.
nst::Image line_plot(const std::vector<Curve>& curves, const Axes& axes, std::size_t height = 360,
                     std::size_t width = 640);

}  // namespace course
