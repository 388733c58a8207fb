// How far a layer sees, measured: for chapter 17 and its test.
#pragma once

#include <cstddef>
#include <string>

#include "nst/network.hpp"
#include "nst/noise_image.hpp"

namespace course {

/// How many columns of a picture of noise, 32 high, have a gradient when the middle column of a
/// layer has one: its receptive field in pixels, if the picture is twice as wide or wider.
inline std::size_t measured_receptive_field(const nst::Network& network, const std::string& layer,
                                            std::size_t width) {
    const nst::Tensor3 grey = xt::zeros<nst::Real>({std::size_t{32}, width, std::size_t{3}});
    const nst::Activations activations = nst::forward(network, nst::noise_image(grey, 1), layer);
    nst::Tensor3 dy = xt::zeros_like(activations.outputs.back());
    for (std::size_t n = 0; n < dy.size(); ++n) {
        if (n / dy.shape(2) % dy.shape(1) == dy.shape(1) / 2) dy.data()[n] = 1;
    }
    const nst::Tensor3 dx = nst::backward(network, activations, {{layer, dy}});
    std::size_t columns = 0;
    for (std::size_t j = 0; j < width; ++j) {
        bool reached = false;
        for (std::size_t n = j * 3; n < dx.size() && !reached; n += width * 3) {
            reached = dx.data()[n] != 0 || dx.data()[n + 1] != 0 || dx.data()[n + 2] != 0;
        }
        columns += reached;
    }
    return columns;
}

}  // namespace course
