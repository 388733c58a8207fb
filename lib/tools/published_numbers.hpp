#pragma once

#include <string>
#include <vector>

namespace nst::tools {

/// A number that somebody has published, and ours.
struct NumberCheck {
    std::string name;
    double published;
    double ours;
    double tolerance;  ///< of the relative difference; 0: the printed digits are the same
    double scale = 0;  ///< what the difference is relative to; 0 for the published number
};

/// The difference relative to the published number, for a matrix to its largest: the others are
/// what is left of sums that cancel.
double relative_difference(const NumberCheck& comparison);

bool agrees(const NumberCheck& comparison);

/// A number of the comparison with as many digits as it is published with: 16 where they must be
/// the same, else 9.
std::string printed(const NumberCheck& comparison, double number);

/// The numbers that the course's notebook prints in its unit tests, with TensorFlow 1 (versions 1
/// to 3a) and with TensorFlow 2, from the tensors that it draws; and the one that the tutorial
/// prints for its own style cost, with its own reshape.
std::vector<NumberCheck> unit_numbers();

}  // namespace nst::tools
