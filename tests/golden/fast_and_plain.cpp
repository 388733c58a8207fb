// fast_and_plain CONTENT STYLE: 200 iterations on the bundled network by the fast paths and by the
// plain ones. Fails when the RMS difference of the generated images is half a grey level or more.
// For comparison it prints how far Adam amplifies rounding alone: the plain paths from two start
// images that differ by one millionth.
#include <cmath>
#include <cstdio>
#include <exception>

#include "nst/adam.hpp"
#include "nst/bundled_vgg19.hpp"
#include "nst/image.hpp"
#include "nst/noise_image.hpp"
#include "nst/vgg19.hpp"
#include "support/plain_objective.hpp"

namespace {

constexpr int iterations = 200;
constexpr double nudge = 1e-6;  // relative
constexpr double most = 0.5;    // grey levels: rounding to 8 bits may change as much

template <class Objective>
nst::Tensor3 paint(Objective objective, nst::Tensor3 input) {
    nst::Adam adam;
    for (int i = 0; i < iterations; ++i) adam.step(input, objective(input).gradient);
    return input;
}

// The root mean square, in grey levels.
double distance(const nst::Tensor3& a, const nst::Tensor3& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double difference = static_cast<double>(a.data()[k]) - b.data()[k];
        sum += difference * difference;
    }
    return std::sqrt(sum / static_cast<double>(a.size()));
}

int compare(const char* content_file, const char* style_file) {
    const nst::Network network = nst::load_vgg19(nst::bundled_vgg19_file());
    const nst::Image content = nst::resize_image(nst::load_image(content_file), 72, 96);
    const nst::Image style = nst::resize_image(nst::load_image(style_file), 72, 96);
    const nst::Tensor3 start = nst::noise_image(nst::subtract_mean(content, network.mean));
    nst::Tensor3 nudged = start;
    for (std::size_t k = 0; k < nudged.size(); ++k) {
        nudged.data()[k] *= static_cast<nst::Real>(k % 2 == 0 ? 1 + nudge : 1 - nudge);
    }
    const nst::Tensor3 plain = paint(nst_test::PlainObjective(network, content, style), start);
    const nst::Tensor3 other = paint(nst_test::PlainObjective(network, content, style), nudged);
    const nst::Tensor3 fast = paint(nst::Objective(network, content, style), start);
    const double difference = distance(fast, plain);
    std::printf("after %d iterations, grey levels (root mean square):\n", iterations);
    std::printf("  plain, starts one millionth apart  %.4f\n", distance(plain, other));
    std::printf("  fast against plain                 %.4f, at most %.1f\n", difference, most);
    return difference < most ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: fast_and_plain CONTENT STYLE\n");
        return 2;
    }
    try {
        return compare(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fast_and_plain: %s\n", error.what());
        return 2;
    }
}
