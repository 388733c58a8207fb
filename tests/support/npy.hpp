// The one place that includes xtensor's reader and writer of NumPy's .npy files.
#pragma once

#if __has_include(<xtensor/io/xnpy.hpp>)  // xtensor 0.26 moved its headers
#include <xtensor/io/xnpy.hpp>
#else
#include <xtensor/xnpy.hpp>
#endif

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace nst_test {

/// Reads a .npy file into a tensor; its numbers are of type Stored and become Value.
/// @throws std::runtime_error that names the file, also when the number of axes differs
template <class Stored, std::size_t Axes, class Value = Stored>
xt::xtensor<Value, Axes> read_npy(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("read_npy: cannot open " + file.string());
    const auto stored = xt::load_npy<Stored, xt::layout_type::row_major>(stream);
    if (stored.dimension() != Axes) {
        throw std::runtime_error("read_npy: " + file.string() + " has " +
                                 std::to_string(stored.dimension()) + " axes, expected " +
                                 std::to_string(Axes));
    }
    std::array<std::size_t, Axes> shape{};
    std::copy_n(stored.shape().begin(), Axes, shape.begin());
    auto values = xt::xtensor<Value, Axes>::from_shape(shape);
    std::transform(stored.data(), stored.data() + stored.size(), values.data(),
                   [](Stored value) { return static_cast<Value>(value); });
    return values;
}

}  // namespace nst_test
