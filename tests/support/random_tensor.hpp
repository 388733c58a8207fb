// Random tensors that are the same on every machine and avoid the kinks of the operations.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "nst/tensor.hpp"

namespace nst_test {

/// Numbers with magnitude 0.1 to 1 times the scale and random sign: never near 0, the kink of ReLU.
/// Made from std::mt19937 alone, because the C++ standard fixes the engine's output but not that of
/// the distributions.
template <class Tensor>
Tensor random_tensor(const typename Tensor::shape_type& shape, std::uint32_t seed,
                     double scale = 1) {
    std::mt19937 bits(seed);
    Tensor tensor = Tensor::from_shape(shape);
    for (auto& value : tensor) {
        const auto drawn = static_cast<std::uint32_t>(bits());
        const double magnitude = scale * (0.1 + 0.9 * (drawn >> 1) / 2147483648.0);  // 2^31
        value = static_cast<nst::Real>(drawn & 1 ? magnitude : -magnitude);
    }
    return tensor;
}

/// All values different, evenly spaced in (-1, 1), in random order: no ties for max pooling, and
/// neighbours at least 2 / size apart.
inline nst::Tensor3 distinct_tensor(const nst::Shape3& shape, std::uint32_t seed) {
    nst::Tensor3 tensor = nst::Tensor3::from_shape(shape);
    std::vector<std::size_t> order(tensor.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937 bits(seed);
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[bits() % k]);
    const double count = static_cast<double>(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        const double place = 2 * static_cast<double>(order[k]) + 1;
        tensor.data()[k] = static_cast<nst::Real>(place / count - 1);
    }
    return tensor;
}

/// An image (height, width, 3) of random values 0 to 255.
inline nst::Image random_image(std::size_t height, std::size_t width, std::uint32_t seed) {
    std::mt19937 bits(seed);
    nst::Image image = nst::Image::from_shape({height, width, 3});
    for (nst::Real& value : image) value = static_cast<nst::Real>(bits() % 256);
    return image;
}

}  // namespace nst_test
