// Views of feature maps that the caller owns: what the kernels read and write.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// (H, W, C) in memory that outlives the view, row-major, channel fastest.
template <class Value>
struct View {
    Value* data;
    Shape3 shape;

    std::size_t height() const { return shape[0]; }
    std::size_t width() const { return shape[1]; }
    std::size_t channels() const { return shape[2]; }
    std::size_t positions() const { return shape[0] * shape[1]; }
    std::size_t size() const { return positions() * shape[2]; }
    Value* at(std::size_t row, std::size_t column) const {
        return data + (row * width() + column) * channels();
    }
};

using ConstFeatures = View<const Real>;
using Features = View<Real>;

inline ConstFeatures const_view(const Tensor3& x) {
    return {x.data(), x.shape()};
}
inline ConstFeatures const_view(const Features& x) {
    return {x.data, x.shape};
}
inline Features view(Tensor3& x) {
    return {x.data(), x.shape()};
}

/// Returns the bytes that the values of a feature map or image take.
inline std::uint64_t bytes_of(const Shape3& shape) {
    return static_cast<std::uint64_t>(shape[0]) * shape[1] * shape[2] * sizeof(Real);
}

}  // namespace NST_PRECISION
}  // namespace nst
