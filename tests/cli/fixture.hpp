// Shared by the tests of the `nst` command: a folder with two small images and a thin network.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "nst/bundled_vgg19.hpp"
#include "nst/image.hpp"
#include "nst/random_vgg19.hpp"
#include "nst/vgg19.hpp"
#include "support/catch.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace nst_test {

inline nst::Image waves(std::size_t height, std::size_t width, double frequency) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                const double phase = frequency * static_cast<double>((c + 1) * i + 2 * j) / 10;
                image(i, j, c) = static_cast<nst::Real>(std::round(127 + 100 * std::sin(phase)));
            }
        }
    }
    return image;
}

struct Workplace {
    TemporaryFolder folder;
    std::string content = (folder / "content.png").string();
    std::string style = (folder / "style.jpg").string();
    std::string weights = (folder / "thin.mat").string();
    std::string output = (folder / "out.png").string();

    Workplace() {
        nst::save_image(content, waves(37, 51, 1));
        nst::save_image(style, waves(45, 33, 3));
        nst::RandomVgg19Options options;
        options.channels = {4, 4, 6, 6, 6};
        nst::save_vgg19(nst::random_vgg19({waves(64, 64, 2)}, options), weights);
    }

    /// Runs `nst transfer` on the two images with the thin network and further arguments.
    std::vector<std::string> transfer(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words = {NST_COMMAND, "transfer", content,     style,
                                          "-o",        output,     "--weights", weights};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
};

/// Returns true, with a warning, when memory cannot be measured: AddressSanitizer reserves
/// terabytes of addresses and keeps freed memory for a while.
inline bool memory_is_the_sanitizers() {
#ifdef __SANITIZE_ADDRESS__
    WARN("not measured: AddressSanitizer takes memory of its own");
    return true;
#else
    return false;
#endif
}

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

inline long lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

}  // namespace nst_test
