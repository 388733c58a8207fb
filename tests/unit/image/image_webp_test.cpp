// WebP, against files that libwebp writes.
#include "image_webp_samples.hpp"

#include <algorithm>
#include <cmath>

#include "nst/image_reader.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

namespace {

// The quality 100 of lossy WebP still halves the colours' resolution and keeps 16 to 235.
constexpr double lossy_error = 12;
constexpr double rounding = 1e-4;  // of the product with alpha, in float

nst::LoadedImage read_bytes_as_image(const Bytes& bytes) {
    const TemporaryFolder folder;
    write_bytes(folder / "picture", bytes);
    return nst::read_image(folder / "picture");
}

double on_white(const Bytes& rgba, std::size_t pixel, std::size_t c) {
    const double alpha = rgba[4 * pixel + 3];
    return (rgba[4 * pixel + c] * alpha + 255 * (255 - alpha)) / 255;
}

double largest_error(const nst::Image& image, const Bytes& rgba) {
    double largest = 0;
    for (std::size_t k = 0; k < image.size(); ++k) {
        largest =
            std::max(largest, std::abs(double{image.data()[k]} - on_white(rgba, k / 3, k % 3)));
    }
    return largest;
}

// A still image in the extended form.
Bytes extended(const WebpSpec& spec, const Bytes& before, const Bytes& webp, const Bytes& after) {
    return riff_file(joined(joined(webp_features(spec.width, spec.height, 0x10), before),
                            joined(webp_chunks(webp), after)));
}

}  // namespace

TEST_CASE("load_image: a lossless WebP gives back its pixels, composited on white") {
    for (const auto& [width, height] : {std::pair{1, 1}, std::pair{7, 5}, std::pair{40, 33}}) {
        const WebpSpec spec{width, height};
        const auto w = static_cast<std::size_t>(width);
        const auto h = static_cast<std::size_t>(height);
        const Bytes opaque = smooth_rgba(w, h, 1);
        const nst::LoadedImage plain = read_bytes_as_image(make_webp(spec, opaque));
        CHECK(plain.image.shape()[0] == h);
        CHECK(plain.image.shape()[1] == w);
        CHECK(plain.alpha.size() == 0);
        CHECK(plain.warnings.empty());
        CHECK(largest_error(plain.image, opaque) == 0);

        const Bytes rgba = smooth_rgba(w, h);
        const nst::LoadedImage clear = read_bytes_as_image(make_webp(spec, rgba));
        CHECK(largest_error(clear.image, rgba) < rounding);
        REQUIRE(clear.alpha.size() == (rgba[3] == 255 && w * h == 1 ? 0 : w * h));
        for (std::size_t p = 0; p < clear.alpha.size(); ++p) {
            CHECK(clear.alpha.data()[p] == rgba[4 * p + 3]);
        }
    }
}

TEST_CASE("load_image: a lossy WebP with and without alpha") {
    const WebpSpec spec{50, 35, false, 100};
    const Bytes opaque = smooth_rgba(50, 35, 1);
    const nst::LoadedImage plain = read_bytes_as_image(make_webp(spec, opaque));
    CHECK(largest_error(plain.image, opaque) < lossy_error);
    CHECK(plain.alpha.size() == 0);
    Bytes rgba = opaque;
    for (std::size_t p = 0; p < 50 * 35; ++p) rgba[4 * p + 3] = p % 50 < 25 ? 128 : 255;
    const nst::LoadedImage clear = read_bytes_as_image(make_webp(spec, rgba));
    CHECK(largest_error(clear.image, rgba) < lossy_error);
    REQUIRE(clear.alpha.size() == 50 * 35);
    CHECK(clear.alpha(3, 24) == 128);
    CHECK(clear.alpha(3, 25) == 255);
}

TEST_CASE("load_image: of an animated WebP the first frame, in its place on a transparent canvas") {
    const WebpSpec spec{4, 3};
    const Bytes rgba = smooth_rgba(4, 3, 1);
    const Bytes frames =
        joined(webp_frame(2, 6, spec, webp_chunks(make_webp(spec, rgba))),
               webp_frame(0, 0, spec, webp_chunks(make_webp(spec, smooth_rgba(4, 3, 99)))));
    const Bytes loop = riff_chunk("ANIM", Bytes(6));
    const Bytes webp = riff_file(joined(webp_features(8, 10, 0x12), joined(loop, frames)));
    const nst::LoadedImage loaded = read_bytes_as_image(webp);
    REQUIRE(loaded.image.shape()[0] == 10);
    REQUIRE(loaded.image.shape()[1] == 8);
    CHECK(loaded.image(6, 2, 0) == rgba[0]);
    CHECK(loaded.image(8, 5, 2) == rgba[4 * 11 + 2]);
    CHECK(loaded.image(5, 2, 0) == 255);
    CHECK(loaded.alpha(6, 2) == 255);
    CHECK(loaded.alpha(6, 1) == 0);
    CHECK(loaded.alpha(9, 2) == 0);
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(contains(loaded.warnings[0], "is animated; this is its first frame"));
    CHECK((load_bytes(webp) == loaded.image));
    // the frames behind the first one do not matter
    CHECK((load_bytes(Bytes(webp.begin(), webp.end() - 20)) == loaded.image));

    const Bytes outside = webp_frame(6, 0, spec, webp_chunks(make_webp(spec, rgba)));
    CHECK(contains(load_message(riff_file(joined(webp_features(8, 10, 0x12), outside))),
                   "is a damaged WebP: its frame has 4x3 pixels, the whole image 8x10"));

    // a frame of an animation in a file that calls itself none
    const Bytes moved = webp_frame(2, 0, spec, webp_chunks(make_webp(spec, rgba)));
    CHECK(contains(load_message(riff_file(joined(webp_features(4, 3, 0x10), moved))),
                   "is a damaged WebP: its frame has 4x3 pixels, the whole image 4x3"));
}

TEST_CASE("load_image: the EXIF orientation of a WebP, with and without the prefix of JPEG") {
    const WebpSpec spec{5, 3};
    const Bytes rgba = smooth_rgba(5, 3, 1);
    const Bytes webp = make_webp(spec, rgba);
    const Bytes with_prefix = exif_block(6);
    const Bytes without(with_prefix.begin() + 6, with_prefix.end());
    for (const Bytes& exif : {with_prefix, without}) {
        const Bytes bytes = extended(spec, {}, webp, riff_chunk("EXIF", exif));
        const nst::Image image = load_bytes(bytes);
        REQUIRE(image.shape()[0] == 5);
        CHECK(image(0, 2, 0) == rgba[0]);  // a quarter turn to the right
        CHECK(image(4, 2, 1) == rgba[4 * 4 + 1]);
        // an EXIF chunk that is cut off is as if it were not there
        CHECK(load_bytes(Bytes(bytes.begin(), bytes.end() - 2)).shape()[0] == 3);
    }
}

TEST_CASE("load_image: a WebP's broken colour profile is ignored with a line saying so") {
    const WebpSpec spec{5, 3};
    const Bytes rgba = smooth_rgba(5, 3, 1);
    const Bytes webp = make_webp(spec, rgba);
    const nst::LoadedImage loaded =
        read_bytes_as_image(extended(spec, riff_chunk("ICCP", Bytes(200, 'x')), webp, {}));
    CHECK(largest_error(loaded.image, rgba) == 0);
    CHECK(loaded.warnings.size() == 1);
}

TEST_CASE("load_image: what follows the pixels of a WebP does not matter") {
    const WebpSpec spec{9, 7};
    const Bytes rgba = smooth_rgba(9, 7, 1);
    Bytes webp = make_webp(spec, rgba);
    const nst::Image whole = load_bytes(webp);
    CHECK((load_bytes(joined(webp, Bytes(100, 0xff))) == whole));
    CHECK((load_bytes(extended(spec, riff_chunk("abcd", Bytes(3)), webp, Bytes(5, 1))) == whole));
}

TEST_CASE("load_image: a WebP that ends in its pixels is refused at every length") {
    for (const bool lossless : {true, false}) {
        const WebpSpec spec{20, 17, lossless};
        const Bytes webp = make_webp(spec, smooth_rgba(20, 17));
        const Bytes wide = extended(spec, {}, webp, {});
        for (const Bytes& bytes : {webp, wide}) {
            for (std::size_t length = 12; length + 1 < bytes.size(); ++length) {
                const std::string message = load_message(
                    Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
                INFO(length << " of " << bytes.size() << ": " << message);
                CHECK(contains(message, "ends too early, after "));
            }
        }
    }
}

TEST_CASE("load_image: no damaged byte of a WebP does harm") {
    for (const bool lossless : {true, false}) {
        const WebpSpec spec{20, 17, lossless};
        const Bytes webp = extended(spec, {}, make_webp(spec, smooth_rgba(20, 17)),
                                    riff_chunk("EXIF", exif_block(3)));
        for (std::size_t at = 0; at < webp.size(); ++at) {
            for (const unsigned char flip : every_flip) {
                Bytes damaged = webp;
                damaged[at] ^= flip;
                const std::string message = load_message(damaged);  // any Error, or an image
                CHECK(std::count(message.begin(), message.end(), '\n') == 0);
            }
        }
    }
}

TEST_CASE("load_image: a WebP's sizes are compared with each other and with the file") {
    const WebpSpec spec{20, 17, false};
    const Bytes webp = make_webp(spec, smooth_rgba(20, 17, 1));
    CHECK(contains(load_message(riff_file(joined(webp_features(21, 17, 0), webp_chunks(webp)))),
                   "is a damaged WebP: its frame has 20x17 pixels, the whole image 21x17"));
    CHECK(contains(size_message(riff_file(webp_features(1 << 24, 1 << 24, 0))),
                   "has 16777216x16777216 pixels; expected at most 2^28"));
    Bytes large = webp;  // the sizes of lossy pixels, 14 bits each
    large[26] = large[28] = 0xff;
    large[27] = large[29] = 0x3f;
    CHECK(contains(size_message(large),
                   "is damaged: it announces 16383x16383 pixels, which do not fit into "));
    CHECK(contains(load_message(riff_file(webp_features(3, 3, 0))), "ends too early"));
    CHECK(contains(load_message(riff_file(riff_chunk("VP8X", Bytes(3)))),
                   "is a damaged WebP: its header is too short"));
    CHECK(contains(
        load_message(riff_file(joined(webp_features(3, 3, 2), riff_chunk("ANMF", Bytes(9))))),
        "is a damaged WebP: its first frame is too short"));
    CHECK(contains(
        load_message(riff_file(joined(webp_features(3, 3, 2), riff_chunk("ANMF", Bytes(40))))),
        "is a damaged WebP: a frame has no pixels"));
}
