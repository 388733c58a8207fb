// Each allocation of a library call fails in turn: the call throws, leaks nothing, and the next
// call works. All in one process, so that thousands of failures take seconds.
#include <algorithm>
#include <functional>
#include <new>

#include "cli/fixture.hpp"
#include "faults/faults.hpp"
#include "nst/error.hpp"
#include "nst/threads.hpp"
#include "nst/transfer.hpp"
#include "support/catch.hpp"
#include "unit/image/image_tiff_samples.hpp"
#include "unit/image/image_webp_samples.hpp"

using namespace nst_test;

namespace {

constexpr long max_sampled = 100;

// Runs a call with a fault. Returns whether the call completed.
bool succeeds(const char* fault, const std::function<void()>& call) {
    set_fault(fault);
    bool done = false;
    try {
        call();
        done = true;
    } catch (const nst::Error&) {
    } catch (const std::bad_alloc&) {
    }
    set_fault("none:0");
    return done;
}

// @param call      runs with failing allocations
// @param is_right  whether the result of a call that did not throw is correct
void fail_each_allocation(const std::function<void()>& call,
                          const std::function<bool()>& is_right) {
    call();  // fills the caches of the process
    set_fault("none:0");
    call();
    const long count = counted_calls("malloc");
    CHECK(count > 0);
    const long step = every_call() ? 1 : std::max(1L, count / max_sampled);
    for (long number = 1; number <= count; number += step) {
        const std::string fault = "malloc:" + std::to_string(number);
        const long before = allocated_blocks();
        const bool done = succeeds(fault.c_str(), call);
        const long kept = allocated_blocks() - before;
        const bool is_wrong = done && !is_right();
        if (is_wrong || kept != 0) {
            INFO(fault << " of " << count << ": kept " << kept << " blocks");
            CHECK_FALSE(is_wrong);
            CHECK(kept == 0);
        }
    }
    call();
    CHECK(is_right());
}

void fail_each_allocation_of_loading(const Bytes& bytes) {
    const TemporaryFolder folder;
    write_bytes(folder / "picture", bytes);
    const nst::Image whole = nst::load_image(folder / "picture");
    bool is_right = false;
    fail_each_allocation([&] { is_right = nst::load_image(folder / "picture") == whole; },
                         [&] { return is_right; });
}

}  // namespace

TEST_CASE("load_image: a failed allocation leaks nothing") {
    PngSpec png{LCT_PALETTE, 8, 9, 7};
    png.palette = {{10, 20, 30, 255}, {200, 100, 50, 40}};
    fail_each_allocation_of_loading(make_png(png, noise(9 * 7, 2)));
    png = {LCT_RGB, 16, 9, 7};
    png.interlaced = true;
    fail_each_allocation_of_loading(make_png(png, noise(9 * 7 * 3, 65536)));
    png = {LCT_RGBA, 8, 9, 7};
    const Bytes profile = joined({{'n', 0, 0}, zlib(make_profile(adobe_rgb()))});
    fail_each_allocation_of_loading(
        with_chunk(with_chunk(make_png(png, noise(9 * 7 * 4, 256)), png_chunk("iCCP", profile)),
                   png_chunk("eXIf", exif_block(6))));
    JpegSpec jpeg;
    jpeg.width = 40;
    jpeg.height = 24;
    jpeg.exif = exif_block(6);
    fail_each_allocation_of_loading(make_jpeg(jpeg, smooth_rgb(40, 24)));
    fail_each_allocation_of_loading(with_marker(make_jpeg(jpeg, smooth_rgb(40, 24)), 0xe2,
                                                icc_marker(1, 1, make_profile(display_p3()))));
    jpeg.progressive = true;
    jpeg.subsampled = true;
    fail_each_allocation_of_loading(make_jpeg(jpeg, smooth_rgb(40, 24)));
}

TEST_CASE("load_image: a failed allocation leaks nothing, in WebP") {
    for (const bool lossless : {true, false}) {
        const WebpSpec spec{40, 24, lossless};
        const Bytes webp = make_webp(spec, smooth_rgba(40, 24));
        fail_each_allocation_of_loading(
            riff_file(joined(webp_features(40, 24, 0x10),
                             joined(webp_chunks(webp), riff_chunk("EXIF", exif_block(6))))));
    }
}

TEST_CASE("load_image: a failed allocation leaks nothing, in TIFF") {
    for (const int compression :
         {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_JPEG}) {
        for (const std::uint32_t tile : {0u, 16u}) {
            TiffSpec spec;
            spec.width = 21;
            spec.height = 18;
            spec.compression = compression;
            spec.strip = 16;
            spec.tile = tile;
            spec.separate = compression == COMPRESSION_LZW;
            if (compression == COMPRESSION_JPEG) spec.photometric = PHOTOMETRIC_YCBCR;
            fail_each_allocation_of_loading(make_tiff(spec, noise(21 * 18 * 3, 256)));
        }
    }
    TiffSpec spec;  // colours that libtiff converts
    spec.width = 16;
    spec.height = 16;
    spec.photometric = PHOTOMETRIC_YCBCR;
    spec.more = [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 1, 1); };
    fail_each_allocation_of_loading(make_tiff(spec, noise(16 * 16 * 3, 256)));
}

TEST_CASE("save_image: a failed allocation leaks nothing and leaves no file") {
    const TemporaryFolder folder;
    const nst::Image image = waves(96, 128, 30);
    for (const char* name : {"out.png", "out.jpg"}) {
        const std::filesystem::path file = folder / name;
        nst::save_image(file, image);
        const std::string whole = bytes_of(file);
        CHECK(whole.size() > 16384);  // more than one block of the JPEG output buffer
        fail_each_allocation([&] { nst::save_image(file, image); },
                             [&] { return bytes_of(file) == whole; });
        CHECK(bytes_of(file) == whole);
    }
}

TEST_CASE("load_vgg19 and inspect_vgg19: a failed allocation leaks nothing") {
    const Workplace work;
    const nst::Network whole = nst::load_vgg19(work.weights);
    bool is_right = false;
    fail_each_allocation(
        [&] {
            const nst::Network network = nst::load_vgg19(work.weights);
            is_right = network.layers.size() == whole.layers.size() &&
                       network.layers[0].filters == whole.layers[0].filters;
        },
        [&] { return is_right; });
    fail_each_allocation(
        [&] { is_right = nst::inspect_vgg19(work.weights, 30, 40).layers.size() == 37; },
        [&] { return is_right; });
}

TEST_CASE("transfer: a failed allocation leaks nothing, on one thread and on two") {
    const Workplace work;
    const nst::Network network = nst::load_vgg19(work.weights);
    const nst::Image content = nst::load_image(work.content);
    const nst::Image style = nst::load_image(work.style);
    nst::TransferOptions options;
    options.iterations = 2;
    const nst::Image whole = nst::transfer(network, content, style, options);
    for (const int threads : {1, 2}) {
        nst::set_thread_count(threads);
        bool is_right = false;
        fail_each_allocation(
            [&] { is_right = nst::transfer(network, content, style, options) == whole; },
            [&] { return is_right; });
    }
    nst::set_thread_count(0);
}
