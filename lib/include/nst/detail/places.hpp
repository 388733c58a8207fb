// Tensors as plain lists of values with places, and text for messages about them. Shared by
// diagnosis.hpp and gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <locale>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace nst {
namespace diagnosis_detail {

using Place = std::vector<std::size_t>;  // one index, or one extent, for each axis

// ---- tensors ----

// Returns the values of any tensor or expression, in row-major order.
template <class Tensor>
std::vector<double> values_of(const Tensor& tensor) {
    return {tensor.template begin<xt::layout_type::row_major>(),
            tensor.template end<xt::layout_type::row_major>()};
}

// Returns the extents of any tensor or expression.
template <class Tensor>
std::vector<std::size_t> shape_of(const Tensor& tensor) {
    return {tensor.shape().begin(), tensor.shape().end()};
}

// ---- places ----

inline Place unravel(std::size_t flat, const Place& shape) {
    Place place(shape.size());
    for (std::size_t a = shape.size(); a-- > 0;) {
        place[a] = flat % shape[a];
        flat /= shape[a];
    }
    return place;
}

inline std::size_t ravel(const Place& place, const Place& shape) {
    std::size_t flat = 0;
    for (std::size_t a = 0; a < shape.size(); ++a) flat = flat * shape[a] + place[a];
    return flat;
}

inline std::size_t volume(const Place& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::size_t(1), std::multiplies<>());
}

inline double largest(const std::vector<double>& values) {
    double size = 0;
    for (const double value : values) size = std::max(size, std::abs(value));
    return size;
}

// ---- words ----

inline std::string text(double number) {
    if (std::isnan(number)) return "nan";  // whatever its sign
    if (number == 0) return "0";
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out.precision(4);
    out << number;
    return out.str();
}

template <class... Parts>
std::string join(const Parts&... parts) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    (out << ... << parts);
    return out.str();
}

// "(1, 2, 0)" for a place, "3x4x2" for a shape.
inline std::string list(const Place& place, const char* open, const char* comma,
                        const char* close) {
    std::string line = open;
    for (std::size_t a = 0; a < place.size(); ++a) {
        line += (a > 0 ? comma : "") + std::to_string(place[a]);
    }
    return line + close;
}
inline std::string place_text(const Place& place) {
    return list(place, "(", ", ", ")");
}
inline std::string shape_text(const Place& shape) {
    return shape.empty() ? "a single number" : list(shape, "", "x", "");
}

inline std::vector<std::string> axis_names(std::size_t axes) {
    switch (axes) {
        case 1:
            return {"element"};
        case 2:
            return {"row", "column"};
        case 3:
            return {"row", "column", "channel"};
        case 4:
            return {"kernel row", "kernel column", "input channel", "output channel"};
        default:
            break;
    }
    std::vector<std::string> names;
    for (std::size_t a = 0; a < axes; ++a) names.push_back(join("axis-", a, " slice"));
    return names;
}

// "first row", "last column", "channel 2".
inline std::string slice_text(const std::string& axis, std::size_t index, std::size_t extent) {
    if (index == 0) return "the first " + axis;
    if (index + 1 == extent) return "the last " + axis;
    return axis + " " + std::to_string(index);
}

}  // namespace diagnosis_detail
}  // namespace nst
