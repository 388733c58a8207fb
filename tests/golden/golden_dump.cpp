// Writes the library's results for live_torch.py:
//
//     golden_dump WEIGHTS.mat CONTENT.npy STYLE.npy START.npy average|max FOLDER
//
// The images are (H, W, 3) with whole grey levels. FOLDER gets one .npy per layer with the
// activations of the start image, costs.npy (total, content, style, the style layers) and
// gradient.npy.
#include <exception>
#include <iostream>

#include "golden/golden.hpp"
#include "nst/vgg19.hpp"
#include "support/npy.hpp"

namespace {

nst::Image read_image(const char* file) {
    return nst_test::read_npy<std::uint8_t, 3, nst::Real>(file);
}

template <class Array>
void write(const std::filesystem::path& folder, const std::string& name, const Array& values) {
    xt::dump_npy((folder / (name + ".npy")).string(), values);
}

void dump(const nst::Network& network, char** arguments) {
    const nst::Image content = read_image(arguments[2]);
    const nst::Image style = read_image(arguments[3]);
    const nst::Tensor3 input = nst::subtract_mean(read_image(arguments[4]), network.mean);
    nst::ObjectiveOptions options;
    options.pooling =
        std::string(arguments[5]) == "max" ? nst::Pooling::max : nst::Pooling::average;
    const std::filesystem::path folder = arguments[6];

    const std::string last = network.layers.back().name;
    const nst::Activations activations = nst::forward(network, input, last, options.pooling);
    for (std::size_t l = 0; l < activations.outputs.size(); ++l) {
        write(folder, network.layers[l].name, activations.outputs[l]);
    }
    nst::Objective objective(network, content, style, options);
    const nst::Evaluation& evaluation = objective(input);
    const nst_test::Numbers costs = nst_test::costs_of(evaluation);
    write(folder, "costs", xt::adapt(costs, {costs.size()}));
    write(folder, "gradient", evaluation.gradient);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 7) {
        std::cerr << "usage: golden_dump WEIGHTS.mat CONTENT.npy STYLE.npy START.npy "
                     "average|max FOLDER\n";
        return 2;
    }
    try {
        dump(nst::load_vgg19(arguments[1]), arguments);
    } catch (const std::exception& error) {
        std::cerr << "golden_dump: " << error.what() << '\n';
        return 2;
    }
    return 0;
}
