#pragma once

#include <filesystem>
#include <vector>

namespace nst::tools {

/// The costs after one iteration of a run.
struct CostRow {
    int iteration;
    double total;
    double content;
    double style;
    double tolerance;  ///< relative, for each of the three
};

/// What the course's notebook printed with the published VGG-19, louvre_small.jpg and monet.jpg:
/// iterations 0 to 180 of an executed copy of version 2. Tolerances are a little more than what
/// executed copies differ by among themselves: their rounding grows with the iterations.
const std::vector<CostRow>& course_costs();

/// Reads a table: on each line iteration, total, content and style cost, and tolerance, with blanks
/// in between. Lines that begin with # are comments.
/// @throws Error when the file cannot be read, has no row or a line that is none, or iterations do
///         not increase
std::vector<CostRow> read_cost_table(const std::filesystem::path& file);

}  // namespace nst::tools
