// Chapter 02 by hand: the weights of VGG-19 out of the bytes of a `.mat` file (tutorial, step 1).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace by_hand {

using Bytes = std::vector<std::uint8_t>;

/// The number of that type at that place; the file is little-endian, as this machine is.
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
/// kind in its lower and the size in its upper 16 bits.
inline Element element_at(const Bytes& bytes, std::size_t place) {
    const std::size_t first = number_at<std::uint32_t>(bytes, place);
    if (first >> 16 != 0) return {first & 0xffff, first >> 16, place + 4, place + 8};
    const std::size_t size = number_at<std::uint32_t>(bytes, place + 4);
    return {first, size, place + 8, place + 8 + (size + 7) / 8 * 8};
}

/// The numbers of an element: kind 9 is double, 7 is float, 5 a 32-bit integer, 4 a letter of 16
/// bits, else bytes.
inline std::vector<double> numbers_of(const Bytes& bytes, const Element& e) {
    constexpr std::size_t widths[] = {1, 1, 1, 2, 2, 4, 4, 4, 1, 8};
    std::vector<double> numbers;
    for (std::size_t k = e.data; k < e.data + e.size; k += e.kind < 10 ? widths[e.kind] : 1) {
        numbers.push_back(e.kind == 9   ? number_at<double>(bytes, k)
                          : e.kind == 7 ? double(number_at<float>(bytes, k))
                          : e.kind == 5 ? double(number_at<std::int32_t>(bytes, k))
                          : e.kind == 4 ? double(number_at<std::uint16_t>(bytes, k))
                                        : double(bytes[k]));
    }
    return numbers;
}

/// A variable of the file, or what lies inside of one.
struct MatArray {
    int type;  ///< 1 cell, 2 struct, 4 text, others numbers
    std::vector<double> shape, name, numbers;
    std::vector<std::string> fields;  ///< of a struct
    std::vector<MatArray> inside;     ///< of a cell or a struct
};

/// Reads an array: its type, its shape, its name, then numbers, or one array after the other.
inline MatArray read_array(const Bytes& bytes, const Element& array) {
    const Element flags = element_at(bytes, array.data), shape = element_at(bytes, flags.next);
    Element at = element_at(bytes, shape.next);  // of the name
    MatArray made{bytes[flags.data], numbers_of(bytes, shape), numbers_of(bytes, at), {}, {}, {}};
    if (made.type == 2) {  // a struct: how long each name is, then the names
        const Element length = element_at(bytes, at.next);
        at = element_at(bytes, length.next);
        const auto* names = reinterpret_cast<const char*>(bytes.data() + at.data);
        for (auto k = 0U; k < at.size; k += bytes[length.data]) made.fields.emplace_back(names + k);
    }
    while (at.next < array.next) {
        at = element_at(bytes, at.next);
        if (made.type > 2) made.numbers = numbers_of(bytes, at);
        if (made.type <= 2) made.inside.push_back(read_array(bytes, at));
    }
    return made;
}

/// Filters as MATLAB has them, the first index running fastest, to (kh, kw, C_in, C_out) with the
/// last one fastest: number (u, v, c, o) is at place u + kh (v + kw (c + C_in o)).
inline nst::Filters filters_from_column_major(const std::vector<double>& numbers,
                                              const std::array<std::size_t, 4>& shape) {
    nst::Filters w = nst::Filters::from_shape(shape);
    const auto [kh, kw, in, out] = shape;
    for (std::size_t k = 0; k < w.size(); ++k) {
        const std::size_t o = k % out, c = k / out % in, tap = k / out / in;
        w.data()[k] =
            static_cast<nst::Real>(numbers[tap / kw + kh * (tap % kw + kw * (c + in * o))]);
    }
    return w;
}

}  // namespace by_hand
