// Exercise 02: the weights of VGG-19 out of the bytes of a `.mat` file (tutorial, step 1).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using Bytes = std::vector<std::uint8_t>;

/// The number of that type at that place, as in `number_at<std::uint32_t>(bytes, 0)`. This one is
/// written.
template <class Number>
Number number_at(const Bytes& bytes, std::size_t place) {
    Number number;
    std::memcpy(&number, bytes.data() + place, sizeof number);
    return number;
}

/// A piece of the file: what kind of numbers, how many bytes, where, and where the next one is.
struct Element {
    std::size_t kind, size, data, next;
};

/// Reads a tag. Usually it is two numbers of 4 bytes, kind and size, and the data after it are
/// filled up to 8 bytes. Four bytes of data or fewer fit into the tag: then its first half has the
/// kind in its lower and the size in its upper 16 bits, and its second half the data.
inline Element element_at(const Bytes& bytes, std::size_t place) {
    throw nst::Error("element_at: not written yet");
}

/// The numbers of an element: kind 9 is double, 7 is float, 5 a 32-bit integer, 4 a letter of 16
/// bits (`std::uint16_t`), else bytes.
inline std::vector<double> numbers_of(const Bytes& bytes, const Element& e) {
    throw nst::Error("numbers_of: not written yet");
}

/// A variable of the file, or what lies inside of one.
struct MatArray {
    int type;  ///< 1 cell, 2 struct, 4 text, others numbers
    std::vector<double> shape, name, numbers;
    std::vector<std::string> fields;  ///< of a struct
    std::vector<MatArray> inside;     ///< of a cell or a struct
};

/// Reads an array: its type, its shape, its name, then numbers, or one array after the other.
///
/// `array.data` is the place of the first of its elements: flags, whose first byte is the type;
/// shape; name. A struct then has the length of its fields' names (a number), and the names, one
/// after the other, each filled up with zeros: `reinterpret_cast<const char*>(&bytes[k])` is a name
/// that begins at k. What follows ends at `array.next`: the numbers of types above 2, or arrays.
inline MatArray read_array(const Bytes& bytes, const Element& array) {
    throw nst::Error("read_array: not written yet");
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
