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
    double tolerance;  ///< relative, for each of the three costs
};

/// Returns what the course's notebook printed with the published VGG-19, louvre_small.jpg and
/// monet.jpg: iterations 0 to 180 of an executed copy of version 2. The tolerances are slightly
/// larger than the differences between executed copies, whose rounding errors grow with the
/// iterations.
const std::vector<CostRow>& course_costs();

/// Reads a table. Each line has iteration, total, content and style cost, and tolerance, separated
/// by blanks. Lines that begin with # are comments.
/// @throws Error when the file cannot be read, has no row or an invalid line, or iterations do not
///         increase
std::vector<CostRow> read_cost_table(const std::filesystem::path& file);

}  // namespace nst::tools
