#include <lodepng.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "image/image_formats.hpp"
#include "image/image_orientation.hpp"
#include "image/image_profile.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

struct Free {
    void operator()(unsigned char* memory) const { std::free(memory); }
};
using Buffer = std::unique_ptr<unsigned char, Free>;

using Bytes = std::vector<unsigned char>;

constexpr std::size_t signature_size = 8;
constexpr std::size_t chunk_head = 8;  // length and type
constexpr std::size_t checksum_size = 4;
constexpr std::size_t header_size = signature_size + chunk_head + 13 + checksum_size;
constexpr std::size_t max_palette = 256;
constexpr std::size_t max_alphas = 1 << 16;  // 256 would be right; more are cut
constexpr std::size_t block_size = 1 << 14;

// A camera's EXIF data have at most 64 KiB, since they fit into one marker of a JPEG.
constexpr std::size_t max_exif = 1 << 17;

// deflate expands two bits to at most 258 bytes
constexpr std::uint64_t max_inflated = 258 * 8 / 2;

constexpr unsigned no_memory = 83;
constexpr unsigned no_compression = 111;  // lodepng's code for any error of deflate_all

/// Uses zlib in place of lodepng's own deflate, which dereferences null pointers when memory runs
/// out.
unsigned deflate_all(unsigned char** to, std::size_t* count, const unsigned char* from,
                     std::size_t size, const LodePNGCompressSettings*) {
    uLongf written = compressBound(size);
    Buffer memory(static_cast<unsigned char*>(std::malloc(written)));
    if (!memory || compress(memory.get(), &written, from, size) != Z_OK) return no_memory;
    *to = memory.release();
    *count = written;
    return 0;
}

/// Turns lodepng's error number into an exception. `what` describes the problem with the file.
/// What lodepng adds in brackets is about its own settings.
void check(unsigned error, const FileErrorContext& context,
           const char* what = "is a damaged PNG: ") {
    if (error == no_memory || error == no_compression) throw std::bad_alloc();
    if (error == 0) return;
    const std::string text = lodepng_error_text(error);
    context.fail(what, text.substr(0, text.find(" (")));
}

/// Returns the bytes of an image, or of one pass of an interlaced image, before compression: each
/// row starts with one byte that names its filter.
std::uint64_t filtered_size(std::uint64_t width, std::uint64_t height, unsigned bits) {
    return width == 0 || height == 0 ? 0 : height * (1 + (width * bits + 7) / 8);
}

/// Returns the same for the seven passes of Adam7.
std::uint64_t interlaced_size(std::uint64_t width, std::uint64_t height, unsigned bits) {
    struct Pass {
        std::uint64_t x, y, step_x, step_y;
    };
    constexpr std::array<Pass, 7> passes = {{{0, 0, 8, 8},
                                             {4, 0, 8, 8},
                                             {0, 4, 4, 8},
                                             {2, 0, 4, 4},
                                             {0, 2, 2, 4},
                                             {1, 0, 2, 2},
                                             {0, 1, 1, 2}}};
    std::uint64_t sum = 0;
    for (const Pass& pass : passes) {
        sum += filtered_size((width + pass.step_x - 1 - pass.x) / pass.step_x,
                             (height + pass.step_y - 1 - pass.y) / pass.step_y, bits);
    }
    return sum;
}

/// Inflates a zlib stream that arrives in parts to exactly as many bytes as are expected. What
/// follows them in the stream, down to the checksum, is only watched.
class Inflater {
  public:
    explicit Inflater(std::size_t size)
        : output_(static_cast<unsigned char*>(std::malloc(size))), left_(size) {
        if (!output_ || inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
        stream_.next_out = output_.get();
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    void add(const unsigned char* bytes, std::size_t count) {
        stream_.next_in = const_cast<unsigned char*>(bytes);  // zlib's type lacks the const
        stream_.avail_in = static_cast<uInt>(count);
        while (left_ > 0 && status_ == Z_OK && stream_.avail_in > 0) inflate_part();
        if (left_ == 0) watch();
    }

    bool is_complete() const { return left_ == 0; }
    /// Whether the stream cannot be continued, although bytes are missing.
    bool is_damaged() const { return left_ > 0 && status_ != Z_OK; }
    /// Whether the stream ends with the last byte and a right checksum.
    bool ends_well() const { return is_complete() && status_ == Z_STREAM_END && !has_surplus_; }
    /// Why the stream is damaged.
    const char* problem() const {
        return stream_.msg != nullptr ? stream_.msg : "its pixel data end too early";
    }
    Buffer take() { return std::move(output_); }

  private:
    void inflate_part() {
        constexpr std::size_t most = 1 << 30;  // zlib counts in 32 bits
        const auto room = static_cast<uInt>(std::min(left_, most));
        stream_.avail_out = room;
        status_ = inflate(&stream_, Z_NO_FLUSH);
        if (status_ == Z_MEM_ERROR) throw std::bad_alloc();
        if (status_ == Z_BUF_ERROR) status_ = Z_OK;  // waits for more
        left_ -= room - stream_.avail_out;
    }

    void watch() {
        std::array<unsigned char, 16> scrap{};
        if (status_ == Z_OK && !has_surplus_) {
            stream_.next_out = scrap.data();
            stream_.avail_out = scrap.size();
            status_ = inflate(&stream_, Z_NO_FLUSH);
            if (status_ == Z_BUF_ERROR) status_ = Z_OK;
            has_surplus_ = stream_.avail_out < scrap.size();
        }
        has_surplus_ = has_surplus_ || stream_.avail_in > 0;
    }

    z_stream stream_{};
    Buffer output_;
    std::size_t left_;
    int status_ = Z_OK;
    bool has_surplus_ = false;
};

/// Inflates data that somebody else compressed, such as a profile.
/// @return empty when they are damaged or have more than `most` bytes
Bytes inflated(const Bytes& compressed, std::size_t at, std::size_t most) {
    z_stream stream{};
    stream.next_in = const_cast<unsigned char*>(compressed.data() + at);
    stream.avail_in = static_cast<uInt>(compressed.size() - at);
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
    const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
    Bytes bytes;
    int status = Z_OK;
    while (status == Z_OK && bytes.size() <= most) {
        const std::size_t done = bytes.size();
        bytes.resize(done + block_size);
        stream.next_out = bytes.data() + done;
        stream.avail_out = block_size;
        status = inflate(&stream, Z_NO_FLUSH);
        bytes.resize(bytes.size() - stream.avail_out);
    }
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_STREAM_END || bytes.size() > most) bytes.clear();
    return bytes;
}

/// Decodes a block that ImageMagick writes as text: a line with its name, a line with its length,
/// then lines of hexadecimal digits.
Bytes from_raw_profile(const Bytes& text) {
    auto at = std::find_if_not(text.begin(), text.end(), [](int c) { return std::isspace(c); });
    for (int line = 0; line < 2; ++line) {
        at = std::find(at, text.end(), '\n');
        if (at != text.end()) ++at;
    }
    Bytes bytes;
    int high = -1;
    for (; at != text.end(); ++at) {
        const int digit = std::isdigit(*at) ? *at - '0' : std::tolower(*at) - 'a' + 10;
        if (!std::isxdigit(*at)) continue;
        if (high >= 0) bytes.push_back(static_cast<unsigned char>(16 * high + digit));
        high = high >= 0 ? -1 : digit;
    }
    return bytes;
}

/// Whether a block is EXIF data, with or without "Exif" before its directory.
bool begins_exif(const Bytes& block) {
    const auto begins = [&](const char* word, std::size_t size) {
        return block.size() >= size && std::equal(word, word + size, block.begin());
    };
    return begins("Exif", 5) || begins("II*", 4) || begins("MM\0*", 4);
}

/// Returns the position after the next zero byte, or the size.
std::size_t after_zero(const Bytes& bytes, std::size_t at = 0) {
    const auto zero = std::find(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), 0);
    return std::min<std::size_t>(zero - bytes.begin() + 1, bytes.size());
}

/// Splits red, green, blue and alpha, of one or two bytes each, into colours and alpha of 0 to 255.
template <std::size_t sample_bytes>
void split_alpha(const unsigned char* rgba, std::size_t pixels, Real* rgb, Real* alpha) {
    const auto sample = [&](std::size_t index) {
        const unsigned char* at = rgba + index * sample_bytes;
        return static_cast<Real>(sample_bytes == 1 ? *at : (at[0] << 8 | at[1]) / 257.0);
    };
    for (std::size_t p = 0; p < pixels; ++p) {
        for (std::size_t c = 0; c < 3; ++c) rgb[3 * p + c] = sample(4 * p + c);
        alpha[p] = sample(4 * p + 3);
    }
}

/// A chunk's length and type.
struct ChunkHead {
    std::array<unsigned char, chunk_head> bytes{};

    std::size_t length() const { return lodepng_chunk_length(bytes.data()); }
    std::string type() const { return {bytes.begin() + 4, bytes.end()}; }
    bool is(const char* type) const { return std::memcmp(bytes.data() + 4, type, 4) == 0; }
    bool is_ancillary() const { return (bytes[4] & 0x20) != 0; }
};

/// Reads a PNG: the header at construction, then the chunks.
///
/// lodepng sees a file of a few chunks that is put together here: it would refuse others for
/// defects that do no harm.
class PngReader {
  public:
    explicit PngReader(ImageFile& file) : file_(file), header_(header_size) {
        file_.read(header_.data(), header_size);
        lodepng::State state;
        state.decoder.ignore_crc = 1;
        unsigned width = 0;
        unsigned height = 0;
        check(lodepng_inspect(&width, &height, &state, header_.data(), header_size),
              file_.context());
        check_header_checksum();
        size_ = {height, width};
        colour_type_ = state.info_png.color.colortype;
        file_.check_size(size_, 0);
        const unsigned bits = lodepng_get_bpp(&state.info_png.color);
        filtered_size_ = state.info_png.interlace_method == 0
                             ? filtered_size(width, height, bits)
                             : interlaced_size(width, height, bits);
        file_.check_size(size_, filtered_size_ / max_inflated);
    }

    ImageSize size() {
        read_chunks(nullptr);
        return upright_size(size_, orientation());
    }

    LoadedImage read() {
        Inflater inflater(filtered_size_);
        read_chunks(&inflater);
        if (!inflater.is_complete()) {
            if (!has_end_) file_.fail_end();
            file_.context().fail("is a damaged PNG: its pixel data end too early");
        }
        if (!inflater.ends_well()) {
            warn("its pixel data do not end as they should; no pixel is missing");
        }
        if (!has_end_) warn("its end is missing; no pixel is");
        lodepng::State state;
        const Buffer pixels = decode(inflater.take(), state);
        return to_image(pixels.get(), state.info_png.color);
    }

  private:
    void warn(std::string line) { warnings_.push_back(std::move(line)); }

    void check_header_checksum() const {
        const unsigned char* type = header_.data() + signature_size + 4;
        const unsigned char* checksum = header_.data() + header_size - checksum_size;
        file_.context().require(is_checksum(crc32(0, type, 4 + 13), checksum),
                                "is a damaged PNG: the checksum of its header is wrong");
    }

    static bool is_checksum(uLong value, const unsigned char* stored) {
        uLong number = 0;
        for (std::size_t k = 0; k < checksum_size; ++k) number = number << 8 | stored[k];
        return value == number;
    }

    /// Reads the chunks after the header, up to the end of the image or of the file.
    /// @param inflater  takes the pixels; nullptr skips them, and whatever else is wrong too
    void read_chunks(Inflater* inflater) {
        while (file_.left() >= chunk_head) {
            ChunkHead head;
            file_.read(head.bytes.data(), head.bytes.size());
            has_end_ = head.is("IEND");
            if (has_end_) return;
            const bool is_whole = head.length() + checksum_size <= file_.left();
            if (head.is("IDAT") && inflater != nullptr) {
                read_pixels(head, *inflater);
            } else if (!is_whole) {
                return;  // no pixels follow
            } else if (!read_wanted(head, inflater != nullptr)) {
                const bool is_known =
                    head.is_ancillary() || head.is("IDAT") || head.is("IHDR") || head.is("PLTE");
                const bool matters = inflater != nullptr && !inflater->is_complete();
                file_.context().require(is_known || !matters,
                                        "is a damaged PNG: it has a chunk of unknown meaning, \"",
                                        one_line(head.type()), "\"");
                file_.skip(head.length() + checksum_size);
            }
        }
    }

    /// Inflates the data of a chunk IDAT as far as the file has them.
    void read_pixels(const ChunkHead& head, Inflater& inflater) {
        const bool matters = !inflater.is_complete();
        uLong checksum = crc32(0, head.bytes.data() + 4, 4);
        std::array<unsigned char, block_size> block;
        for (std::size_t left = head.length(); left > 0;) {
            const std::size_t count = std::min<std::uint64_t>({left, block.size(), file_.left()});
            if (count == 0) return;
            file_.read(block.data(), count);
            checksum = crc32(checksum, block.data(), static_cast<uInt>(count));
            inflater.add(block.data(), count);
            left -= count;
        }
        std::array<unsigned char, checksum_size> stored{};
        if (file_.left() < stored.size()) return;
        file_.read(stored.data(), stored.size());
        if (!matters) return;
        file_.context().require(is_checksum(checksum, stored.data()),
                                "is a damaged PNG: the checksum of its pixel data is wrong");
        file_.context().require(!inflater.is_damaged(), "is a damaged PNG: ", inflater.problem());
    }

    /// Reads a chunk that says something about the pixels or the orientation.
    /// @return false, with nothing read, when the chunk is another or too long for what it says
    bool read_wanted(const ChunkHead& head, bool with_pixels) {
        if (with_pixels) {
            if (head.is("PLTE") && palette_.empty()) {
                return read_body(head, palette_, 3 * max_palette);
            }
            if (head.is("tRNS") && alphas_.empty()) return read_body(head, alphas_, max_alphas);
            if (head.is("iCCP") && profile_.empty()) {
                return read_body(head, profile_, max_profile_bytes);
            }
        }
        if (head.is("eXIf") && exif_.empty()) return read_body(head, exif_, max_exif);
        if ((head.is("zTXt") || head.is("tEXt")) && raw_exif_.empty()) {
            Bytes text;
            if (!read_body(head, text, 3 * max_exif)) return false;
            keep_raw_exif(text, head.is("zTXt"));
            return true;
        }
        return false;
    }

    bool read_body(const ChunkHead& head, Bytes& body, std::size_t most) {
        if (head.length() > most) return false;
        body.resize(head.length());
        file_.read(body.data(), body.size());
        std::array<unsigned char, checksum_size> stored{};
        file_.read(stored.data(), stored.size());
        uLong checksum = crc32(0, head.bytes.data() + 4, 4);
        checksum = crc32(checksum, body.data(), static_cast<uInt>(body.size()));
        if (is_checksum(checksum, stored.data())) return true;
        const bool makes_pixels = head.is("PLTE") || head.is("tRNS");
        file_.context().require(!makes_pixels, "is a damaged PNG: the checksum of its chunk ",
                                head.type(), " is wrong");
        if (!head.is("zTXt") && !head.is("tEXt")) {
            warn("its chunk " + head.type() + " is ignored: the checksum is wrong");
        }
        body.clear();
        return true;
    }

    /// ImageMagick stores EXIF data as text.
    void keep_raw_exif(const Bytes& text, bool is_compressed) {
        const std::size_t begin = after_zero(text);
        const std::string keyword(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin));
        if (keyword != std::string("Raw profile type exif", 22) &&
            keyword != std::string("Raw profile type APP1", 22)) {
            return;
        }
        if (!is_compressed) {
            raw_exif_ =
                from_raw_profile({text.begin() + static_cast<std::ptrdiff_t>(begin), text.end()});
        } else if (begin < text.size()) {  // one byte names the method
            raw_exif_ = from_raw_profile(inflated(text, begin + 1, 3 * max_exif));
        }
        if (!begins_exif(raw_exif_)) raw_exif_.clear();  // APP1 may hold XMP instead
    }

    Orientation orientation() const {
        const Bytes& exif = exif_.empty() ? raw_exif_ : exif_;
        return exif_orientation(exif.data(), exif.size());
    }

    /// Returns the ICC profile of the chunk iCCP: a name, the method, compressed data.
    Bytes profile() {
        if (profile_.empty()) return {};
        const std::size_t begin = after_zero(profile_) + 1;
        Bytes bytes;
        if (begin < profile_.size()) bytes = inflated(profile_, begin, max_profile_bytes);
        if (bytes.empty()) warn("its colour profile is ignored: it is damaged");
        return bytes;
    }

    /// Repairs the transparent colours: one alpha for each entry of a palette, or the one colour
    /// that is transparent.
    void repair_alphas() {
        const bool has_palette = colour_type_ == LCT_PALETTE;
        const std::size_t needed = has_palette                ? palette_.size() / 3
                                   : colour_type_ == LCT_GREY ? 2
                                   : colour_type_ == LCT_RGB  ? 6
                                                              : 0;
        const bool is_short = !has_palette && alphas_.size() < needed;
        if (alphas_.empty() || (alphas_.size() <= needed && !is_short)) return;
        warn(needed == 0 || is_short
                 ? "its chunk tRNS is ignored: it does not suit the kind of pixels"
                 : "the end of its chunk tRNS is ignored: it is longer than it can be");
        alphas_.resize(is_short ? 0 : needed);
    }

    void append_chunk(Bytes& png, const char* type, const Bytes& body) const {
        for (const unsigned shift : {24U, 16U, 8U, 0U}) {
            png.push_back(static_cast<unsigned char>(body.size() >> shift));
        }
        png.insert(png.end(), type, type + 4);
        png.insert(png.end(), body.begin(), body.end());
        png.resize(png.size() + checksum_size);  // lodepng does not look at it
    }

    /// Gives lodepng the pixel data that are inflated already, in place of its own zlib.
    static unsigned hand_over(unsigned char** to, std::size_t* size, const unsigned char*,
                              std::size_t, const LodePNGDecompressSettings* settings) {
        const auto& reader = *static_cast<const PngReader*>(settings->custom_context);
        *to = reader.filtered_.release();
        *size = reader.filtered_size_;
        return 0;
    }

    /// @return the pixels in the file's own format, which `state` describes
    Buffer decode(Buffer filtered, lodepng::State& state) {
        repair_alphas();
        Bytes png = header_;
        if (colour_type_ == LCT_PALETTE) append_chunk(png, "PLTE", palette_);
        if (!alphas_.empty()) append_chunk(png, "tRNS", alphas_);
        append_chunk(png, "IDAT", {0});
        append_chunk(png, "IEND", {});
        filtered_ = std::move(filtered);
        state.decoder.color_convert = 0;
        state.decoder.ignore_crc = 1;
        state.decoder.zlibsettings.custom_zlib = hand_over;
        state.decoder.zlibsettings.custom_context = this;
        unsigned width = 0;
        unsigned height = 0;
        unsigned char* memory = nullptr;
        const unsigned error =
            lodepng_decode(&memory, &width, &height, &state, png.data(), png.size());
        Buffer pixels(memory);
        check(error, file_.context());
        return pixels;
    }

    /// Converts from the file's own pixel format to RGB.
    LoadedImage to_image(const unsigned char* pixels, const LodePNGColorMode& mode) {
        const ImageSize& size = size_;
        UprightImage image(size, orientation());
        // Rows of less than a byte for each pixel begin in the middle of a byte, but never every
        // eighth.
        constexpr std::size_t strip = 8;
        const bool is_wide = mode.bitdepth == 16;
        const LodePNGColorMode rgba = lodepng_color_mode_make(LCT_RGBA, is_wide ? 16 : 8);
        Bytes converted(strip * size.width * (is_wide ? 8 : 4));
        std::vector<Real> rgb(strip * size.width * 3);
        std::vector<Real> alpha(strip * size.width);
        for (std::size_t i = 0; i < size.height; i += strip) {
            const std::size_t rows = std::min(strip, size.height - i);
            const unsigned char* from = pixels + i * size.width * lodepng_get_bpp(&mode) / 8;
            check(lodepng_convert(converted.data(), from, &rgba, &mode,
                                  static_cast<unsigned>(size.width), static_cast<unsigned>(rows)),
                  file_.context());
            (is_wide ? split_alpha<2> : split_alpha<1>)(converted.data(), rows * size.width,
                                                        rgb.data(), alpha.data());
            for (std::size_t r = 0; r < rows; ++r) {
                image.put_row(i + r, rgb.data() + r * size.width * 3,
                              alpha.data() + r * size.width);
            }
        }
        const Bytes profile_bytes = profile();
        return image.take(profile_bytes, std::move(warnings_));
    }

    ImageFile& file_;
    Bytes header_;  ///< the signature and the chunk IHDR, as in the file
    ImageSize size_{};
    LodePNGColorType colour_type_ = LCT_RGB;
    std::uint64_t filtered_size_ = 0;  ///< size of the inflated pixel data in bytes
    bool has_end_ = false;
    Bytes palette_;
    Bytes alphas_;             ///< tRNS
    Bytes profile_;            ///< iCCP, compressed
    Bytes exif_;               ///< eXIf
    Bytes raw_exif_;           ///< the same from text
    mutable Buffer filtered_;  ///< for hand_over
    std::vector<std::string> warnings_;
};

}  // namespace

ImageSize png_size(ImageFile& file) {
    return PngReader(file).size();
}

LoadedImage read_png(ImageFile& file) {
    return PngReader(file).read();
}

Bytes encode_png(const FileErrorContext& context, const StoredPixels& pixels) {
    lodepng::State state;
    for (LodePNGColorMode* mode : {&state.info_raw, &state.info_png.color}) {
        mode->colortype = pixels.has_alpha ? LCT_RGBA : LCT_RGB;
        mode->bitdepth = static_cast<unsigned>(pixels.bits);
    }
    state.info_png.srgb_defined = 1;
    state.info_png.srgb_intent = 0;  // perceptual
    state.encoder.auto_convert = 0;
    state.encoder.zlibsettings.custom_zlib = deflate_all;
    unsigned char* memory = nullptr;
    std::size_t count = 0;
    const unsigned error = lodepng_encode(&memory, &count, pixels.bytes.data(),
                                          static_cast<unsigned>(pixels.size.width),
                                          static_cast<unsigned>(pixels.size.height), &state);
    const Buffer png(memory);
    check(error, context, "cannot be written as PNG: ");
    return {png.get(), png.get() + count};
}

}  // namespace NST_PRECISION
}  // namespace nst
