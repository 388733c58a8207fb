#include <jerror.h>

#include <array>
#include <new>
#include <utility>
#include <vector>

#include "image/image_formats.hpp"
#include "image/image_jpeg_errors.hpp"
#include "image/image_profile.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr int quality = 95;
constexpr std::size_t largest_side = JPEG_MAX_DIMENSION;

struct Compress : jpeg_compress_struct {
    Compress() : jpeg_compress_struct() {}
    ~Compress() { jpeg_destroy_compress(this); }
    Compress(const Compress&) = delete;
    Compress& operator=(const Compress&) = delete;
};

/// Collects the output of libjpeg. When libjpeg's own memory destination runs out of memory late,
/// it gives the caller a buffer that it has already freed.
struct Output : jpeg_destination_mgr {
    Output() : jpeg_destination_mgr() {
        init_destination = [](j_compress_ptr jpeg) { of(jpeg).start_block(); };
        empty_output_buffer = [](j_compress_ptr jpeg) -> boolean {
            of(jpeg).append(jpeg, block_size);
            of(jpeg).start_block();
            return TRUE;
        };
        term_destination = [](j_compress_ptr jpeg) {
            of(jpeg).append(jpeg, block_size - of(jpeg).free_in_buffer);
        };
    }

    static Output& of(j_compress_ptr jpeg) { return static_cast<Output&>(*jpeg->dest); }

    void start_block() {
        next_output_byte = block.data();
        free_in_buffer = block_size;
    }

    /// An exception must not pass through libjpeg, and libjpeg's jump must not pass through a
    /// handler.
    void append(j_compress_ptr jpeg, std::size_t count) {
        bool done = false;
        try {
            bytes.insert(bytes.end(), block.data(), block.data() + count);
            done = true;
        } catch (const std::bad_alloc&) {
        }
        if (!done) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
    }

    static constexpr std::size_t block_size = 1 << 14;
    std::array<unsigned char, block_size> block{};
    std::vector<unsigned char> bytes;
};

void compress(jpeg_compress_struct& jpeg, const StoredPixels& pixels,
              const std::vector<unsigned char>& profile) {
    jpeg.image_width = static_cast<JDIMENSION>(pixels.size.width);
    jpeg.image_height = static_cast<JDIMENSION>(pixels.size.height);
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    // The first component's factors are relative to the others': 1 for all means no subsampling.
    jpeg.comp_info[0].h_samp_factor = 1;
    jpeg.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&jpeg, TRUE);
    jpeg_write_icc_profile(&jpeg, profile.data(), static_cast<unsigned>(profile.size()));
    while (jpeg.next_scanline < jpeg.image_height) {
        // libjpeg only reads the row, but its type lacks the const
        auto* row = const_cast<unsigned char*>(pixels.bytes.data() +
                                               jpeg.next_scanline * pixels.size.width * 3);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
}

}  // namespace

std::vector<unsigned char> encode_jpeg(const FileErrorContext& context,
                                       const StoredPixels& pixels) {
    const ImageSize& size = pixels.size;
    context.require(size.width <= largest_side && size.height <= largest_side, "cannot hold ",
                    size.width, "x", size.height, " pixels; a side of a JPEG is at most ",
                    largest_side, ". Save it as .png");
    const std::vector<unsigned char> profile = srgb_profile();
    JpegErrors errors;
    Output output;
    Compress jpeg;
    jpeg.err = errors.manager();
    const bool done = errors.attempt([&] {
        jpeg_create_compress(&jpeg);
        jpeg.dest = &output;
        compress(jpeg, pixels, profile);
    });
    if (!done && errors.code() == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    context.require(done, "cannot be written as JPEG: ", errors.message());
    return std::move(output.bytes);
}

}  // namespace NST_PRECISION
}  // namespace nst
