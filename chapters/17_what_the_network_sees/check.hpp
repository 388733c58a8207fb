// What the exercise of chapter 17 is checked for.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "nst/network.hpp"
#include "nst/tensor.hpp"
#include "nst/total_cost.hpp"

namespace check_17 {

/// Size and step of a receptive field.
using Field = std::array<std::size_t, 2>;

struct Functions {
    Field (*receptive_field)(const nst::Network& network, const std::string& layer);
    nst::Tensor3 (*way_back)(const nst::Network& network, const nst::Activations& activations,
                             const nst::LayerGradients& losses);
    double (*content_only)(const nst::Network& network, const nst::Tensor3& x,
                           const std::string& layer, const nst::Tensor3& a_C,
                           nst::Tensor3& gradient);
    double (*style_only)(const nst::Network& network, const nst::Tensor3& x,
                         const std::vector<nst::StyleLayer>& layers,
                         const std::vector<nst::Matrix>& grams, nst::Tensor3& gradient);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_17

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                           \
    check_17::Functions {                                              \
        [](const nst::Network& network, const std::string& layer) {    \
            const auto field = space::receptive_field(network, layer); \
            return check_17::Field{field.size, field.step};            \
        },                                                             \
            space::way_back, space::content_only, space::style_only    \
    }
#define NST_EXERCISE(space) check_17::exercise(NST_FUNCTIONS(space))
