#include <jerror.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "image/image_formats.hpp"
#include "image/image_jpeg_errors.hpp"
#include "image/image_orientation.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr int exif_marker = JPEG_APP0 + 1;
constexpr unsigned whole_marker = 0xffff;

// Every scan of a progressive image visits all of its blocks, and a scan can take only a few bytes.
// Encoders write about ten scans; libjpeg-turbo's own tests use this limit too.
constexpr int max_scans = 500;

struct Decompress : jpeg_decompress_struct {
    Decompress() : jpeg_decompress_struct() {}
    ~Decompress() { jpeg_destroy_decompress(this); }
    Decompress(const Decompress&) = delete;
    Decompress& operator=(const Decompress&) = delete;
};

/// Reads a JPEG: the header at construction, then the pixels.
class JpegReader {
  public:
    explicit JpegReader(ImageFile& file) : file_(file) {
        jpeg_.err = errors_.manager();
        progress_.progress_monitor = limit_scans;
        attempt([&] {
            jpeg_create_decompress(&jpeg_);
            jpeg_.progress = &progress_;
            jpeg_stdio_src(&jpeg_, file_.stream());
            jpeg_save_markers(&jpeg_, exif_marker, whole_marker);
            jpeg_read_header(&jpeg_, TRUE);
        });
        check_kind();
        file_.check_size(stored_size(), min_bytes());
        orientation_ = read_orientation();
    }

    ImageSize size() const { return upright_size(stored_size(), orientation_); }

    LoadedImage read() {
        const bool is_cmyk = jpeg_.num_components == 4;
        jpeg_.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
        attempt([&] { jpeg_start_decompress(&jpeg_); });
        UprightImage image(stored_size(), orientation_);
        std::vector<unsigned char> row(jpeg_.output_width *
                                       static_cast<std::size_t>(jpeg_.output_components));
        std::vector<Real> rgb(3 * std::size_t{jpeg_.output_width});
        for (std::size_t i = 0; i < jpeg_.output_height; ++i) {
            unsigned char* rows[] = {row.data()};
            attempt([&] { jpeg_read_scanlines(&jpeg_, rows, 1); });
            (is_cmyk ? cmyk_to_rgb : bytes_to_rgb)(row, rgb);
            image.put_row(i, rgb.data());
        }
        attempt([&] { jpeg_finish_decompress(&jpeg_); });
        return image.take();
    }

  private:
    /// Runs a step of libjpeg. @throws Error when it fails
    template <class Step>
    void attempt(const Step& step) {
        if (errors_.attempt(step)) return;
        // libjpeg mistakes a failed read for the end of the file
        if (std::ferror(file_.stream()) != 0) file_.fail_read();
        switch (errors_.code()) {
            case JWRN_JPEG_EOF:
            case JERR_INPUT_EOF:
                file_.fail_end();
            case JERR_OUT_OF_MEMORY:
                throw std::bad_alloc();
            case JERR_BAD_PRECISION:
            case JERR_SOF_UNSUPPORTED:
            case JERR_ARITH_NOTIMPL:
            case JERR_IMAGE_TOO_BIG:
                refuse_kind(errors_.message());
            default:
                file_.context().fail("is a damaged JPEG: ", errors_.message());
        }
    }

    [[noreturn]] void refuse_kind(const std::string& kind) const {
        file_.context().fail("is a JPEG of a rare kind: ", kind, "; expected baseline or ",
                             "progressive, 8 bits, at most 65500 pixels a side");
    }

    void check_kind() const {
        if (jpeg_.data_precision != 8) refuse_kind("not 8 bits for each sample");
        if (jpeg_.arith_code) refuse_kind("arithmetic coding");
        const J_COLOR_SPACE space = jpeg_.jpeg_color_space;
        if (space == JCS_UNKNOWN) {
            refuse_kind(std::to_string(jpeg_.num_components) + " components of unknown meaning");
        }
    }

    ImageSize stored_size() const { return {jpeg_.image_height, jpeg_.image_width}; }

    /// Each block of 8 x 8 takes one bit for its mean and, unless a later scan can declare many
    /// blocks flat at once, one bit to end the block.
    std::uint64_t min_bytes() const {
        std::uint64_t blocks = 0;
        for (int c = 0; c < jpeg_.num_components; ++c) {
            const jpeg_component_info& component = jpeg_.comp_info[c];
            blocks += std::uint64_t{component.width_in_blocks} * component.height_in_blocks;
        }
        return blocks * (jpeg_.progressive_mode ? 1 : 2) / 8;
    }

    Orientation read_orientation() const {
        for (auto* marker = jpeg_.marker_list; marker != nullptr; marker = marker->next) {
            if (marker->data_length >= 6 && std::memcmp(marker->data, "Exif\0", 6) == 0) {
                return exif_orientation(marker->data, marker->data_length);
            }
        }
        return Orientation::top_left;
    }

    static void bytes_to_rgb(const std::vector<unsigned char>& row, std::vector<Real>& rgb) {
        std::copy(row.begin(), row.end(), rgb.begin());
    }

    /// The light that remains is what neither the colour's ink nor black absorbs. The samples are
    /// light instead of ink: Adobe's programs began to store them so, and every program followed,
    /// whether it writes Adobe's marker or not.
    static void cmyk_to_rgb(const std::vector<unsigned char>& row, std::vector<Real>& rgb) {
        for (std::size_t k = 0; k < rgb.size(); ++k) {
            rgb[k] = static_cast<Real>(row[k / 3 * 4 + k % 3] * row[k / 3 * 4 + 3]) / 255;
        }
    }

    static void limit_scans(j_common_ptr object) {
        const auto* jpeg = reinterpret_cast<j_decompress_ptr>(object);
        if (jpeg->input_scan_number > max_scans) {
            JpegErrors::give_up(object, "more than 500 scans");
        }
    }

    ImageFile& file_;
    JpegErrors errors_;
    jpeg_progress_mgr progress_{};
    Decompress jpeg_;
    Orientation orientation_ = Orientation::top_left;
};

}  // namespace

ImageSize jpeg_size(ImageFile& file) {
    return JpegReader(file).size();
}

LoadedImage read_jpeg(ImageFile& file) {
    return JpegReader(file).read();
}

}  // namespace NST_PRECISION
}  // namespace nst
