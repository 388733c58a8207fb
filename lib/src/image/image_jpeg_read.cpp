#include <jerror.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "image/image_formats.hpp"
#include "image/image_jpeg_errors.hpp"
#include "image/image_orientation.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr int exif_marker = JPEG_APP0 + 1;
constexpr int profile_marker = JPEG_APP0 + 2;
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
    JpegReader(ImageFile& file, bool with_profile) : file_(file) {
        jpeg_.err = errors_.manager();
        attempt([&] {
            jpeg_create_decompress(&jpeg_);
            jpeg_stdio_src(&jpeg_, file_.stream());
            jpeg_save_markers(&jpeg_, exif_marker, whole_marker);
            if (with_profile) jpeg_save_markers(&jpeg_, profile_marker, whole_marker);
            jpeg_read_header(&jpeg_, TRUE);
        });
        if (errors_.reached_end()) fail_end();
        check_kind();
        frame_ = frame();
        file_.check_size(stored_size(), min_bytes());
        orientation_ = read_orientation();
    }

    ImageSize size() const { return upright_size(stored_size(), orientation_); }

    LoadedImage read() {
        const bool is_cmyk = jpeg_.num_components == 4;
        jpeg_.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
        const bool has_scans = jpeg_has_multiple_scans(&jpeg_) != FALSE;
        if (has_scans) {
            read_scans();
        } else {
            attempt([&] { jpeg_start_decompress(&jpeg_); });
        }
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
        const std::vector<unsigned char> profile = read_profile();  // markers end with the image
        if (!has_scans) ends_well_ = errors_.attempt([&] { jpeg_finish_decompress(&jpeg_); });
        check_end();
        return image.take(profile, std::move(warnings_));
    }

  private:
    /// Runs a step of libjpeg. @throws Error when it fails
    template <class Step>
    void attempt(const Step& step) {
        if (!errors_.attempt(step)) fail_step();
    }

    [[noreturn]] void fail_step() {
        if (errors_.code() == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
        if (errors_.reached_end() || errors_.code() == JERR_INPUT_EOF) fail_end();
        switch (errors_.code()) {
            case JERR_BAD_PRECISION:
            case JERR_SOF_UNSUPPORTED:
            case JERR_ARITH_NOTIMPL:
            case JERR_IMAGE_TOO_BIG:
                refuse_kind(errors_.message());
            default:
                file_.context().fail("is a damaged JPEG: ", errors_.message());
        }
    }

    /// libjpeg mistakes a failed read for the end of the file.
    [[noreturn]] void fail_end() const {
        if (std::ferror(file_.stream()) != 0) file_.fail_read();
        file_.fail_end();
    }

    /// Reads an image of several scans up to its end marker, or as far as pixels go. libjpeg keeps
    /// the coefficients in memory.
    void read_scans() {
        jpeg_.buffered_image = TRUE;
        attempt([&] { jpeg_start_decompress(&jpeg_); });
        int status = JPEG_SCAN_COMPLETED;
        bool is_whole = false;  // every coefficient has come, in scans that are complete
        while (status != JPEG_REACHED_EOI) {
            const bool is_in_scan = status != JPEG_SCAN_COMPLETED;
            int next = JPEG_SUSPENDED;
            if (!errors_.attempt([&] { next = jpeg_consume_input(&jpeg_); })) {
                frame() = frame_;
                if (is_in_scan || !is_whole) fail_step();
                insert_end_marker();
            }
            if (next != JPEG_SUSPENDED) status = next;
            if (next == JPEG_SCAN_COMPLETED) is_whole = has_all_coefficients();
            file_.context().require(jpeg_.input_scan_number <= max_scans,
                                    "is a damaged JPEG: more than 500 scans");
        }
        if (errors_.reached_end() && !is_whole) fail_end();
        file_.context().require(has_all_components(), "is a damaged JPEG: a scan is missing");
        attempt([&] { jpeg_start_output(&jpeg_, jpeg_.input_scan_number); });
    }

    /// What a second frame header changes before libjpeg refuses it.
    std::tuple<JDIMENSION&, JDIMENSION&, int&, int&, boolean&, boolean&> frame() {
        return {jpeg_.image_height,   jpeg_.image_width,      jpeg_.num_components,
                jpeg_.data_precision, jpeg_.progressive_mode, jpeg_.arith_code};
    }

    /// Ends the image here, where libjpeg cannot make sense of what follows the pixels.
    void insert_end_marker() {
        static constexpr std::array<JOCTET, 2> end_marker = {0xff, JPEG_EOI};
        require_memory();
        file_.context().require(ends_well_, "is a damaged JPEG: ", errors_.message());  // once only
        ends_well_ = false;
        jpeg_.unread_marker = 0;
        jpeg_.src->next_input_byte = end_marker.data();
        jpeg_.src->bytes_in_buffer = end_marker.size();
    }

    bool has_all_components() const {
        return std::all_of(jpeg_.comp_info, jpeg_.comp_info + jpeg_.num_components,
                           [](const auto& component) { return component.quant_table != nullptr; });
    }

    /// Whether the scans so far have every coefficient to its last bit.
    bool has_all_coefficients() const {
        if (!has_all_components()) return false;
        if (!jpeg_.progressive_mode) return true;
        const int* bits = jpeg_.coef_bits[0];
        return std::all_of(bits, bits + DCTSIZE2 * jpeg_.num_components,
                           [](int missing) { return missing == 0; });
    }

    /// Every pixel is there; what follows them may be anything.
    void check_end() {
        if (!ends_well_) require_memory();
        if (errors_.reached_end() && std::ferror(file_.stream()) != 0) file_.fail_read();
        if (!ends_well_ || errors_.reached_end()) {
            warnings_.emplace_back("its end marker is missing; no pixel is");
        }
    }

    void require_memory() const {
        if (errors_.code() == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    }

    /// Returns the ICC profile, which is cut into markers.
    std::vector<unsigned char> read_profile() {
        JOCTET* memory = nullptr;
        unsigned size = 0;
        attempt([&] { jpeg_read_icc_profile(&jpeg_, &memory, &size); });
        const std::unique_ptr<JOCTET, decltype(&std::free)> owner(memory, std::free);
        if (memory != nullptr) return {memory, memory + size};
        if (find_marker(profile_marker, "ICC_PROFILE") != nullptr) {
            warnings_.emplace_back("its colour profile is ignored: it is damaged");
        }
        return {};
    }

    /// Returns the first saved marker of that kind whose data begin with that text and its final
    /// zero, or nullptr.
    template <std::size_t Size>
    jpeg_saved_marker_ptr find_marker(int kind, const char (&start)[Size]) const {
        for (auto* marker = jpeg_.marker_list; marker != nullptr; marker = marker->next) {
            if (marker->marker == kind && marker->data_length >= Size &&
                std::memcmp(marker->data, start, Size) == 0) {
                return marker;
            }
        }
        return nullptr;
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
        const auto* marker = find_marker(exif_marker, "Exif\0");
        if (marker == nullptr) return Orientation::top_left;
        return exif_orientation(marker->data, marker->data_length);
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

    ImageFile& file_;
    JpegErrors errors_;
    Decompress jpeg_;
    std::tuple<JDIMENSION, JDIMENSION, int, int, boolean, boolean> frame_{};  ///< as in the header
    bool ends_well_ = true;  ///< nothing but an end marker follows the pixels
    std::vector<std::string> warnings_;
    Orientation orientation_ = Orientation::top_left;
};

}  // namespace

ImageSize jpeg_size(ImageFile& file) {
    return JpegReader(file, false).size();
}

LoadedImage read_jpeg(ImageFile& file) {
    return JpegReader(file, true).read();
}

}  // namespace NST_PRECISION
}  // namespace nst
