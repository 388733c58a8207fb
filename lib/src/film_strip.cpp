#include "film_strip.hpp"

#include <algorithm>
#include <vector>

#include "parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

void clear_between(const FilmStrip& strip, Features all) {
    for (std::size_t k = 1; k < strip.count; ++k) {
        std::fill_n(all.at(k * (strip.side + 1) - 1, 0), strip.side * all.channels(), Real(0));
    }
}

void frame_means(const FilmStrip& strip, ConstFeatures y, Matrix& means) {
    const std::size_t channels = y.channels();
    parallel_blocks(strip.count, [&](std::size_t k, std::size_t) {
        const ConstFeatures picture = frame(strip, y, k);
        std::vector<double> sums(channels);
        for (std::size_t p = 0; p < picture.positions(); ++p) {
            const Real* position = picture.data + p * channels;
            for (std::size_t c = 0; c < channels; ++c) sums[c] += position[c];
        }
        for (std::size_t c = 0; c < channels; ++c) {
            means(k, c) = static_cast<Real>(sums[c] / static_cast<double>(strip.pixels()));
        }
    });
}

void frame_means_backward(const FilmStrip& strip, const Matrix& dmeans, Features dy) {
    const std::size_t channels = dy.channels();
    const Real share = Real(1) / static_cast<Real>(strip.pixels());
    parallel_blocks(strip.count, [&](std::size_t k, std::size_t) {
        const Features picture = frame(strip, dy, k);
        const Real* of_picture = dmeans.data() + k * channels;
        for (std::size_t p = 0; p < picture.positions(); ++p) {
            Real* position = picture.data + p * channels;
            for (std::size_t c = 0; c < channels; ++c) position[c] += share * of_picture[c];
        }
    });
}

}  // namespace NST_PRECISION
}  // namespace nst
