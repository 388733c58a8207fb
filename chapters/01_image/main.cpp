// Chapter 01: a photo as numbers, the noise, the start picture, and back into files.
#include <cstdio>
#include <string>
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

// Of the pictures that VGG-19 was trained on. From chapter 02 on it is read from the network's
// file.
constexpr std::array<nst::Real, 3> mean = {123.68, 116.779, 103.939};

// What a file keeps of a picture.
Image through_bytes(const Image& picture) {
    const std::vector<std::uint8_t> bytes = by_hand::bytes_from_image(picture);
    return by_hand::image_from_bytes(bytes, picture.shape(0), picture.shape(1));
}

void print_numbers(const Image& content, const Tensor3& input, const Tensor3& noise,
                   const Tensor3& start) {
    const std::size_t i = content.shape(0) / 2;
    const std::size_t j = content.shape(1) / 2;
    std::printf("%-28s      red    green     blue\n",
                course::text("Pixel (%zu, %zu)", i, j).c_str());
    const auto print = [&](const char* name, const Tensor3& x) {
        std::printf("  %-26s%9.3f%9.3f%9.3f\n", name, x(i, j, 0), x(i, j, 1), x(i, j, 2));
    };
    print("content, 0 to 255", content);
    print("less the mean", input);
    print("noise, -20 to 20", noise);
    print("0.6 noise + 0.4 content", start);
    print("and the mean again", nst::add_mean(start, mean));
    print("as a file keeps it", through_bytes(nst::add_mean(start, mean)));
}

// The tutorial truncates: every number of a picture is cut off to the next whole one below.
void print_brightness(const Image& start) {
    std::printf("\nThe start picture's average number\n");
    std::printf("  exact                      %9.3f\n", xt::mean(start)());
    std::printf("  rounded, as we save        %9.3f\n", xt::mean(through_bytes(start))());
    std::printf("  truncated, as the tutorial %9.3f\n\n", xt::mean(xt::floor(start))());
}

// The bytes of three pixels from the middle of a picture, as they lie one after the other in
// memory.
Image draw_bytes(const std::vector<std::uint8_t>& bytes) {
    std::vector<course::Cell> all;
    for (std::size_t k = bytes.size() / 6 * 3; k < bytes.size() && all.size() < 9; ++k) {
        course::Colour colour = {150, 150, 150};
        colour[k % 3] = 255;
        all.push_back({std::to_string(bytes[k]), colour});
    }
    return course::enlarge(course::cells(all, 9, 36), 2);
}

bool show(const course::Arguments& arguments) {
    const Image photo = course::load_picture(arguments, arguments.content);
    const Image content = through_bytes(photo);
    const Tensor3 input = by_hand::subtract_mean(content, mean);
    const Tensor3 noise = by_hand::noise_image(input, 1);
    const Tensor3 start = by_hand::noise_image(input, 0.6);
    print_numbers(content, input, noise, start);
    print_brightness(nst::add_mean(start, mean));
    bool same = course::agree("less the mean", input, nst::subtract_mean(content, mean));
    same = course::agree("noise", noise, nst::noise_image(input, 1)) && same;
    same = course::agree("start", start, nst::noise_image(input, 0.6)) && same;

    const std::vector<course::Panel> files = {{photo, "content"},
                                              {nst::add_mean(noise, mean), "noise"},
                                              {nst::add_mean(start, mean), "start"},
                                              {Image(content + input), "contrast"}};
    std::vector<course::Panel> panels;
    for (const auto& [picture, name] : files) {
        course::write_picture(arguments, name + ".png", picture);
        const Image library = nst::load_image(arguments.output / (name + ".png"));
        const Image by_hand = through_bytes(picture);
        same = course::agree(name + ".png", by_hand, library) && same;
        panels.push_back({course::thumbnail(by_hand, 126, 168), name});
    }
    course::write_picture(arguments, "image.png", course::sheet(panels, 4));
    const std::vector<std::uint8_t> bytes = by_hand::bytes_from_image(photo);
    course::write_picture(arguments, "bytes.png", draw_bytes(bytes));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"01_image", "Chapter 01: a picture as numbers"}, show);
}
