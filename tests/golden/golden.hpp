// Shared by the tests against PyTorch: the committed files of data/ and how to compare with them.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "nst/network.hpp"
#include "nst/objective.hpp"

// The same tests run in both builds of the library; CTest needs distinct names.
#ifdef NST_DOUBLE
#define NST_BUILD "in double"
#else
#define NST_BUILD "in float"
#endif

namespace nst_test {

using Numbers = std::vector<double>;

constexpr std::size_t golden_iterations = 50;
constexpr std::array<std::size_t, 6> golden_snapshots = {1, 5, 10, 20, 35, 50};  // steps taken

/// A network, its images and the options of make_golden.py, for one kind of pooling.
struct Golden {
    explicit Golden(nst::Pooling pooling);

    /// The numbers of one of this pooling's files, in row-major order.
    Numbers numbers(const std::string& name) const;

    /// The costs after a number of steps, in the order of costs_of.
    Numbers costs_after(std::size_t steps) const;

    nst::Pooling pooling;
    std::string folder;
    nst::Network network;
    nst::Image content;
    nst::Image style;
    nst::Image start;
    nst::Tensor3 input;             ///< the start image minus the mean
    nst::ObjectiveOptions options;  ///< unequal weights on the tutorial's layers
};

/// The path of a file of data/; `name` has no extension.
std::filesystem::path golden_file(const std::string& name);

/// The numbers of a file of data/, in row-major order; `name` has no extension.
Numbers read_numbers(const std::string& name);

/// All numbers of a tensor, in row-major order.
Numbers numbers_of(const nst::Tensor3& values);

/// The digest of a tensor that the files store, as in make_golden.py: the whole tensor or, when it
/// is large, a sample and the means over rows and columns.
Numbers digest(const nst::Tensor3& values);

/// Total, content, style, then each style layer's loss: the order of the files.
Numbers costs_of(const nst::Evaluation& evaluation);

/// The largest difference, in units of the largest golden value; infinite when our values contain
/// NaN or their number differs.
double largest_error(const Numbers& ours, const Numbers& golden);

/// The largest relative difference of two numbers at the same index; infinite as above.
double relative_error(const Numbers& ours, const Numbers& golden);

/// The norm of the difference in units of the norm of the golden vector; NaN when our values
/// contain NaN, infinite when their number differs.
double distance(const Numbers& ours, const Numbers& golden);

/// Empty when the error is below the limit, otherwise a message with both: Catch2 alone would print
/// 3e-9 < 1e-10 as 0.0 < 0.0.
std::string beyond(double error, double allowed);

}  // namespace nst_test
