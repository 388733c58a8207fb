// Chapter 01: from the bytes of a photo to the picture that the transfer starts from.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "by_hand.hpp"
#include "nst/image.hpp"
#include "nst/network.hpp"
#include "nst/noise_image.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"

using nst::Image;
using nst::Tensor3;

namespace {

// VGG-19's, as the course has it.
constexpr std::array<nst::Real, 3> mean = {123.68, 116.779, 103.939};

// The bytes as a decoder gives them: whole numbers, R G B R G B ...
std::vector<std::uint8_t> decoded(const Image& image) {
    std::vector<std::uint8_t> bytes;
    for (const nst::Real value : image) bytes.push_back(static_cast<std::uint8_t>(value + 0.5));
    return bytes;
}

void print_pixel(const char* what, const Tensor3& x, std::size_t i, std::size_t j) {
    std::printf("  %-28s %9.3f %9.3f %9.3f\n", what, x(i, j, 0), x(i, j, 1), x(i, j, 2));
}

void print_range(const char* what, const Tensor3& x) {
    const auto [least, most] = std::minmax_element(x.begin(), x.end());
    std::printf("  %-28s %9.3f to %7.3f\n", what, *least, *most);
}

bool show(const course::Arguments& arguments) {
    const Image loaded = course::load_picture(arguments, arguments.content);
    const std::size_t height = loaded.shape(0), width = loaded.shape(1);
    const std::vector<std::uint8_t> bytes = decoded(loaded);
    std::printf("%zu x %zu pixels, %zu bytes: %d %d %d  %d %d %d ...\n", width, height,
                bytes.size(), bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);

    const Image photo = by_hand::image_from_bytes(bytes, height, width);
    const Tensor3 input = by_hand::subtract_mean(photo, mean);
    const Tensor3 noise = by_hand::noise_image(input, 1);
    const Tensor3 start = by_hand::noise_image(input);
    const std::size_t i = height / 2, j = width / 2;
    std::printf("\nThe pixel in the middle              red     green      blue\n");
    print_pixel("of the photo", photo, i, j);
    print_pixel("less the mean", input, i, j);
    print_pixel("noise", noise, i, j);
    print_pixel("0.6 noise + 0.4 photo", start, i, j);
    std::printf("\nAll values\n");
    print_range("of the photo", photo);
    print_range("less the mean", input);
    print_range("0.6 noise + 0.4 photo", start);
    std::printf("\n");

    bool same = course::agree("input", input, nst::subtract_mean(photo, mean));
    same &= course::agree("start", start, nst::noise_image(input));
    nst::save_image(arguments.output / "saved.png", nst::add_mean(start, mean));
    const Image saved = nst::load_image(arguments.output / "saved.png");
    same &= course::agree("what was saved",
                          by_hand::image_from_bytes(
                              by_hand::bytes_from_image(nst::add_mean(start, mean)), height, width),
                          saved);
    const auto panel = [&](const Image& picture, const char* label) {
        return course::Panel{nst::resize_image(picture, 150, 200), label};
    };
    course::write_picture(
        arguments, "start.png",
        course::sheet(
            {panel(photo, "the photo"), panel(nst::add_mean(noise, mean), "the mean and the noise"),
             panel(saved, "0.6 noise, 0.4 photo")},
            3));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"01_image", "Chapter 01: the picture"}, show);
}
