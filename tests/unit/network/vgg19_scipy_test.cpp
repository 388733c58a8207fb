// save_vgg19 and load_vgg19 against SciPy, both ways: vgg19_scipy_test PYTHON SCRIPT. Exit code 0
// when SciPy reads what we write and we read what SciPy writes, 77 without SciPy.
#include <cmath>
#include <exception>
#include <iostream>

#include "nst/vgg19.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace {

constexpr int skipped = 77;

void add_conv(nst::Network& network, const std::string& name, std::size_t inputs,
              std::size_t outputs) {
    nst::Layer conv{nst::LayerKind::conv, name, nst::Filters::from_shape({3, 3, inputs, outputs}),
                    nst::Vector::from_shape({outputs})};
    for (std::size_t h = 0; h < 3; ++h) {
        for (std::size_t w = 0; w < 3; ++w) {
            for (std::size_t c = 0; c < inputs; ++c) {
                for (std::size_t o = 0; o < outputs; ++o) {
                    conv.filters(h, w, c, o) =
                        static_cast<nst::Real>(1000 * h + 100 * w + 10 * c + o);
                }
            }
        }
    }
    for (std::size_t o = 0; o < outputs; ++o) conv.bias(o) = static_cast<nst::Real>(o) + 0.5f;
    network.layers.push_back(conv);
}

nst::Network made_up_network() {
    nst::Network network;
    add_conv(network, "conv1_1", 3, 4);
    network.layers.push_back({nst::LayerKind::relu, "relu1_1", {}, {}});
    network.layers.push_back({nst::LayerKind::pool, "pool1", {}, {}});
    add_conv(network, "conv2_1", 4, 5);
    network.layers.push_back({nst::LayerKind::relu, "relu2_1", {}, {}});
    network.mean = {123.68f, 116.779f, 103.939f};
    network.description = "made by a test, caf\xc3\xa9";
    return network;
}

bool same(const nst::Network& a, const nst::Network& b) {
    // the mean comes from 224x224 equal pixels, summed in double and divided
    constexpr double summed = 1e-6;  // a few roundings of 50176 numbers near 100 in double
    bool is_same = a.layers.size() == b.layers.size();
    for (std::size_t c = 0; c < 3; ++c)
        is_same = is_same && std::abs(a.mean[c] - b.mean[c]) < summed;
    for (std::size_t i = 0; is_same && i < a.layers.size(); ++i) {
        is_same = a.layers[i].kind == b.layers[i].kind && a.layers[i].name == b.layers[i].name &&
                  a.layers[i].filters == b.layers[i].filters &&
                  a.layers[i].bias == b.layers[i].bias;
    }
    return is_same;
}

int compare(const std::string& python, const std::string& script) {
    const nst_test::TemporaryFolder folder;
    const nst::Network network = made_up_network();
    const std::string saved = (folder / "saved.mat").string();
    nst::save_vgg19(network, saved);
    const std::vector<std::string> by_scipy = {(folder / "plain.mat").string(),
                                               (folder / "compressed.mat").string()};
    const nst_test::CommandResult result =
        nst_test::run({python, "-B", script, saved, by_scipy[0], by_scipy[1]});
    std::cout << result.out << result.err;
    if (result.exit_code != 0) return result.exit_code;
    for (const std::string& file : by_scipy) {
        if (same(nst::load_vgg19(file), network)) continue;
        std::cout << "wrong: load_vgg19 reads something else from SciPy's " << file << '\n';
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: vgg19_scipy_test PYTHON SCRIPT\n";
        return 2;
    }
    try {
        const int code = compare(argv[1], argv[2]);
        if (code == 127) std::cout << "skipped: no " << argv[1] << '\n';
        return code == 127 ? skipped : code;
    } catch (const std::exception& error) {
        std::cerr << "vgg19_scipy_test: " << error.what() << '\n';
        return 2;
    }
}
