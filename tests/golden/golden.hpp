// What the tests against PyTorch share: the committed files of data/ and how to compare with them.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "nst/network.hpp"
#include "nst/objective.hpp"

// The same tests run in both builds of the library; CTest wants names that differ.
#ifdef NST_DOUBLE
#define NST_BUILD "in double"
#else
#define NST_BUILD "in float"
#endif

namespace nst_test {

using Numbers = std::vector<double>;

constexpr std::size_t golden_iterations = 50;
constexpr std::array<std::size_t, 6> golden_snapshots = {1, 5, 10, 20, 35, 50};  // steps taken

/// A network, its pictures and the options of make_golden.py, for one kind of pooling.
struct Golden {
    explicit Golden(nst::Pooling pooling);

    /// The numbers of one of this pooling's files, in row-major order.
    Numbers numbers(const std::string& name) const;

    /// The costs after some steps, in the order of costs_of.
    Numbers costs_after(std::size_t steps) const;

    nst::Pooling pooling;
    std::string folder;
    nst::Network network;
    nst::Image content;
    nst::Image style;
    nst::Image start;
    nst::Tensor3 input;             ///< the start picture less the mean
    nst::ObjectiveOptions options;  ///< uneven weights on the tutorial's layers
};

/// The path of a file of data/; `name` is without its ending.
std::filesystem::path golden_file(const std::string& name);

/// The numbers of a file of data/, in row-major order; `name` is without its ending.
Numbers read_numbers(const std::string& name);

/// All numbers of a tensor, in row-major order.
Numbers numbers_of(const nst::Tensor3& values);

/// What the files keep of a tensor, as in make_golden.py: all of it, or, when it is large, a sample
/// and the means over rows and columns.
Numbers digest(const nst::Tensor3& values);

/// Total, content, style, then each style layer's loss: the order of the files.
Numbers costs_of(const nst::Evaluation& evaluation);

/// The largest difference, in units of the largest golden value; infinite where ours is not a
/// number or there are more or fewer of them.
double largest_error(const Numbers& ours, const Numbers& golden);

/// The largest relative difference of two numbers at the same place; infinite as above.
double relative_error(const Numbers& ours, const Numbers& golden);

/// The length of the difference in units of the length of the golden vector; not a number where
/// ours has one that is not, infinite when there are more or fewer of them.
double distance(const Numbers& ours, const Numbers& golden);

/// Nothing when the error is below what is allowed, else both in words: Catch2 alone would print
/// 3e-9 < 1e-10 as 0.0 < 0.0.
std::string beyond(double error, double allowed);

}  // namespace nst_test
