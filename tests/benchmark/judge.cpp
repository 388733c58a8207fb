// judge CONTENT STYLE RESULT [WIDTHxHEIGHT]: how much of the style distance is left and how much
// the content changed, by random filters (random_filters.hpp). The pictures are brought to one size
// first, 400x300 by default. Prints the style distance left for filters of 3, 5, 7, 11, 15, 23, 37
// and 55 pixels, its mean, and the change of the content.
#include <cstdio>
#include <exception>
#include <string>

#include "nst/image.hpp"
#include "random_filters.hpp"

namespace {

nst::ImageSize size_of(const std::string& text) {
    unsigned width = 0;
    unsigned height = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%5ux%5u%c", &width, &height, &rest) != 2) {
        throw nst::Error("judge: the size must be WIDTHxHEIGHT, such as 400x300, got " + text);
    }
    return {height, width};
}

void judge_pictures(char** files, const nst::ImageSize& size) {
    const auto load = [&](const char* file) {
        return nst::resize_image(nst::load_image(file), size.height, size.width);
    };
    const nst::Image content = load(files[0]);
    const nst::Image style = load(files[1]);
    const judge::Verdict found = judge::verdict(content, style, load(files[2]));
    for (const double left : found.style_left) std::printf("%.3f ", left);
    std::printf("mean %.3f content %.3f\n", found.mean_style_left, found.content_change);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 && argc != 5) {
        std::fprintf(stderr, "usage: judge CONTENT STYLE RESULT [WIDTHxHEIGHT]\n");
        return 2;
    }
    try {
        judge_pictures(argv + 1, argc == 5 ? size_of(argv[4]) : nst::ImageSize{300, 400});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
