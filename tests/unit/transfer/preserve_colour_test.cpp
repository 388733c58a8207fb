#include "nst/preserve_colour.hpp"

#include "16_multiscale_and_colour/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Image;
using nst::preserve_colour;

namespace {

// In grey levels: a sum and a difference in the library's type, of numbers up to 255.
constexpr double level_tolerance = 4 * epsilon;

Image pixel(double red, double green, double blue) {
    return Image{{{nst::Real(red), nst::Real(green), nst::Real(blue)}}};
}

// Far enough inside 0..255 that the luma of a different such image does not lead outside.
Image middling(std::size_t height, std::size_t width, std::uint32_t seed) {
    return 30 * random_tensor<Image>({height, width, 3}, seed) + 128;
}

}  // namespace

TEST_CASE("preserve_colour: shifts each channel of the content by the difference in luma") {
    // Luma 0.299 * 100 = 29.9 of red, 0.587 * 100 of green, 0.114 * 100 of blue.
    CHECK(agree(preserve_colour(pixel(100, 0, 0), pixel(0, 0, 0)), pixel(29.9, 29.9, 29.9),
                level_tolerance));
    CHECK(agree(preserve_colour(pixel(0, 100, 0), pixel(0, 0, 0)), pixel(58.7, 58.7, 58.7),
                level_tolerance));
    CHECK(agree(preserve_colour(pixel(0, 0, 100), pixel(0, 0, 0)), pixel(11.4, 11.4, 11.4),
                level_tolerance));
    // Content of luma 0.299 * 10 + 0.587 * 20 + 0.114 * 30 = 18.15
    CHECK(agree(preserve_colour(pixel(118.15, 118.15, 118.15), pixel(10, 20, 30)),
                pixel(110, 120, 130), level_tolerance));
}

TEST_CASE("preserve_colour: an image that is its own content comes back unchanged") {
    const Image image = random_image(7, 5, 1);
    CHECK(agree(preserve_colour(image, image), image, level_tolerance));
}

TEST_CASE(
    "preserve_colour: a grey content image gives a grey result with the generated image's luma") {
    Image grey = Image::from_shape({4, 3, 3});
    grey.fill(90);
    const Image generated = random_image(4, 3, 1);
    const Image found = preserve_colour(generated, grey);
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            CHECK(found(i, j, 0) == found(i, j, 1));
            CHECK(found(i, j, 0) == found(i, j, 2));
            CHECK(agree(double(found(i, j, 0)), by_hand::to_ycbcr(&generated(i, j, 0))[0],
                        level_tolerance));
        }
    }
}

TEST_CASE("preserve_colour: a grey generated image keeps its luma and gets the content's chroma") {
    Image generated = middling(9, 8, 1);
    for (std::size_t k = 0; k < generated.size(); k += 3) {
        generated.data()[k + 1] = generated.data()[k + 2] = generated.data()[k];
    }
    const Image content = middling(9, 8, 2);
    const Image found = preserve_colour(generated, content);
    for (std::size_t k = 0; k < found.size(); k += 3) {
        const auto ours = by_hand::to_ycbcr(found.data() + k);
        const auto theirs = by_hand::to_ycbcr(content.data() + k);
        // Chroma lies around 0, but its rounding is that of levels up to 255.
        constexpr double of_255 = 255 * level_tolerance;
        CHECK(ours[0] == Approx(generated.data()[k]).margin(of_255));
        CHECK(ours[1] == Approx(theirs[1]).margin(of_255));
        CHECK(ours[2] == Approx(theirs[2]).margin(of_255));
    }
}

TEST_CASE("preserve_colour: agrees with the conversion to YCbCr and back, clamped or not") {
    // Work is split at multiples of 16384 pixels.
    for (const nst::Shape3& shape : {nst::Shape3{1, 1, 3}, {1, 9, 3}, {30, 20, 3}, {129, 130, 3}}) {
        CAPTURE(shape[0], shape[1]);
        const Image generated = random_image(shape[0], shape[1], 1);
        const Image content = random_image(shape[0], shape[1], 2);
        CHECK(agree(preserve_colour(generated, content),
                    by_hand::preserve_colour(generated, content), level_tolerance));
    }
}

TEST_CASE("preserve_colour: clamps to 0..255") {
    CHECK(same_values(preserve_colour(pixel(255, 255, 255), pixel(255, 0, 0)),
                      Image{{{255, nst::Real(255 - 76.245), nst::Real(255 - 76.245)}}}));
    CHECK(same_values(preserve_colour(pixel(0, 0, 0), pixel(255, 0, 0)),
                      Image{{{nst::Real(255 - 76.245), 0, 0}}}));
}

TEST_CASE("preserve_colour: rejects different shapes, empty images and wrong channel counts") {
    const auto message = [](const nst::Shape3& generated, const nst::Shape3& content) {
        return error_of(
            [&] { preserve_colour(Image::from_shape(generated), Image::from_shape(content)); });
    };
    const std::string expected =
        "preserve_colour: generated and content must have one nonempty shape, (H, W, 3), got ";
    CHECK(message({2, 3, 3}, {3, 2, 3}) == expected + "2x3x3 and 3x2x3");
    CHECK(message({2, 0, 3}, {2, 0, 3}) == expected + "2x0x3 and 2x0x3");
    CHECK(message({2, 3, 1}, {2, 3, 1}) == expected + "2x3x1 and 2x3x1");
}
