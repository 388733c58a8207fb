// Exercise 02: the weights of VGG-19 out of the bytes of a `.mat` file (tutorial, step 1).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using Bytes = std::vector<std::uint8_t>;

/// The number of that type at that place, such as `number_at<std::uint32_t>(bytes, 0)`. This one is
/// written.
template <class Number>
Number number_at(const Bytes& bytes, std::size_t place) {
    Number number;
    std::memcpy(&number, bytes.data() + place, sizeof number);
    return number;
}

/// Reads the tag at that place. Usually it is two numbers of 4 bytes, kind and size, and the data
/// after it are filled up to a multiple of 8 bytes. Four bytes of data or fewer fit into the tag:
/// then its first 4 bytes have the kind in their lower and the size in their upper 16 bits, and the
/// data are its last 4 bytes.
/// @return kind, size in bytes, place of the data, place of the next tag
inline std::array<std::size_t, 4> tag_at(const Bytes& bytes, std::size_t place) {
    throw nst::Error("tag_at: not written yet");
}

/// Filters as MATLAB has them, the first index running fastest, to (kh, kw, C_in, C_out) with the
/// last one fastest: number (u, v, c, o) is at place u + kh (v + kw (c + C_in o)).
///
/// `nst::Filters::from_shape(shape)` makes the filters, `w(u, v, c, o)` is one number of them, and
/// `static_cast<nst::Real>(numbers[place])` makes a number one of theirs.
inline nst::Filters filters_from_column_major(const std::vector<double>& numbers,
                                              const std::array<std::size_t, 4>& shape) {
    throw nst::Error("filters_from_column_major: not written yet");
}

}  // namespace exercise
