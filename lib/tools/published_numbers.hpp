#pragma once

#include <string>
#include <vector>

namespace nst::tools {

/// A published number and ours.
struct NumberCheck {
    std::string name;
    double published;
    double ours;
    double tolerance;  ///< for the relative difference; 0: the printed digits must be the same
    double scale = 0;  ///< the difference is relative to this; 0 stands for the published number
};

/// Returns the difference relative to the published number, or for a matrix relative to its largest
/// element, because the others are small remainders of sums that cancel.
double relative_difference(const NumberCheck& comparison);

bool agrees(const NumberCheck& comparison);

/// Formats a number of the comparison with as many digits as the published one: 16 where they must
/// be the same, else 9.
std::string printed(const NumberCheck& comparison, double number);

/// Returns the numbers that the course's notebook prints in its unit tests, with TensorFlow 1
/// (versions 1 to 3a) and with TensorFlow 2, from the tensors that it draws; and the number that
/// the tutorial prints for its own style cost, with its own reshape.
std::vector<NumberCheck> unit_numbers();

}  // namespace nst::tools
