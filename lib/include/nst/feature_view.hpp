// Feature maps and images that the caller owns: the inputs of the library's functions.
#pragma once

#include <cstddef>
#include <type_traits>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A feature map (H, W, C) in memory that somebody else owns, row-major, channel fastest. A tensor
/// converts to it by itself; for any other memory give the pointer and the shape, and the library
/// reads it in place:
///
///     std::vector<float> pixels(480 * 640 * 3);
///     nst::Matrix gram = nst::gram_matrix({pixels.data(), {480, 640, 3}});
///
/// A view copies nothing and keeps nothing alive, like std::string_view: use it as a parameter, do
/// not store it.
template <class Value>
struct BasicFeatureView {
    using Owner = std::conditional_t<std::is_const_v<Value>, const Tensor3, Tensor3>;

    Value* data;   ///< the first of H W C numbers
    Shape3 shape;  ///< (H, W, C)

    BasicFeatureView(Value* data_in, const Shape3& shape_in) : data(data_in), shape(shape_in) {}
    BasicFeatureView(Owner& tensor) : data(tensor.data()), shape(tensor.shape()) {}
    /// Makes a view for reading out of one for writing.
    template <class Other, std::enable_if_t<std::is_same_v<const Other, Value>, int> = 0>
    BasicFeatureView(const BasicFeatureView<Other>& other) : data(other.data), shape(other.shape) {}

    std::size_t height() const { return shape[0]; }
    std::size_t width() const { return shape[1]; }
    std::size_t channels() const { return shape[2]; }
    std::size_t positions() const { return shape[0] * shape[1]; }
    std::size_t size() const { return positions() * shape[2]; }
    Value* begin() const { return data; }
    Value* end() const { return data + size(); }
    /// Returns the first channel of the pixel at that position.
    Value* at(std::size_t row, std::size_t column) const {
        return data + (row * width() + column) * channels();
    }
};

/// A feature map to read.
/// Introduced in chapter 01.
using FeatureView = BasicFeatureView<const Real>;
/// An image to read: (H, W, 3), RGB, 0 to 255.
/// Introduced in chapter 01.
using ImageView = FeatureView;

}  // namespace NST_PRECISION
}  // namespace nst
