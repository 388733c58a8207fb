#include "cost_table.hpp"

#include <cmath>
#include <fstream>
#include <locale>
#include <sstream>
#include <string>

#include "require.hpp"

namespace nst::tools {

namespace {

constexpr int max_iterations = 1000000;

bool is_row(const CostRow& row) {
    const auto is_cost = [](double cost) { return std::isfinite(cost) && cost > 0; };
    return row.iteration >= 0 && row.iteration < max_iterations && is_cost(row.total) &&
           is_cost(row.content) && is_cost(row.style) && row.tolerance >= 0 && row.tolerance < 1;
}

}  // namespace

const std::vector<CostRow>& course_costs() {
    static const std::vector<CostRow> costs = {
        {0, 5.05035e9, 7877.67, 1.26257e8, 1e-4},   {20, 9.43276e8, 15186.9, 2.35781e7, 1e-4},
        {40, 4.84898e8, 16785.0, 1.21183e7, 3e-4},  {60, 3.12574e8, 17465.8, 7.80998e6, 3e-4},
        {80, 2.28137e8, 17715.0, 5.699e6, 3e-4},    {100, 1.80694e8, 17895.4, 4.51288e6, 3e-4},
        {120, 1.49996e8, 18034.3, 3.74539e6, 3e-4}, {140, 1.27698e8, 18186.8, 3.18791e6, 3e-3},
        {160, 1.10698e8, 18354.2, 2.76287e6, 3e-3}, {180, 9.73408e7, 18500.9, 2.4289e6, 3e-3},
    };
    return costs;
}

std::vector<CostRow> read_cost_table(const std::filesystem::path& file) {
    std::ifstream stream(file);
    const std::string name = file.string();
    require(stream.is_open() && !std::filesystem::is_directory(file), "--table: ", name,
            " cannot be read");
    std::vector<CostRow> rows;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream words(line);
        words.imbue(std::locale::classic());
        CostRow row{};
        std::string surplus;
        words >> row.iteration >> row.total >> row.content >> row.style >> row.tolerance;
        require(
            !words.fail() && !(words >> surplus) && is_row(row), "--table: line ", number, " of ",
            name,
            " must be iteration, total, content and style cost, and a tolerance below 1, got \"",
            line.substr(0, 80), "\"");
        require(rows.empty() || row.iteration > rows.back().iteration, "--table: line ", number,
                " of ", name, " must have a later iteration than the one before, got ",
                row.iteration);
        rows.push_back(row);
    }
    require(!stream.bad(), "--table: ", name, " cannot be read to its end");
    require(!rows.empty(), "--table: ", name, " has no rows");
    return rows;
}

}  // namespace nst::tools
