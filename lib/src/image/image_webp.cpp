#include <webp/decode.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/image_formats.hpp"
#include "image/image_orientation.hpp"
#include "system/memory.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::size_t chunk_head = 8;  // four letters and a length
constexpr std::size_t file_head = 12;  // "RIFF", a length, "WEBP"
constexpr std::size_t features_size = 10;
constexpr std::size_t bitstream_head = 32;  // more than any size needs
constexpr std::uint64_t max_exif = 1 << 16;
constexpr std::size_t frame_head = 16;
constexpr std::size_t decoder_memory = std::size_t{8} << 20;  // tables and rows
constexpr int max_chunks = 1 << 16;

std::size_t number_at(const unsigned char* at, std::size_t count) {
    std::size_t number = 0;
    while (count-- > 0) number = number << 8 | at[count];
    return number;
}

/// One chunk of a RIFF file, and where its body begins.
struct Chunk {
    std::array<unsigned char, chunk_head> head{};
    std::uint64_t at = 0;

    bool is(std::string_view name) const { return std::memcmp(head.data(), name.data(), 4) == 0; }
    bool is_pixels() const { return is("VP8 ") || is("VP8L"); }
    std::uint64_t size() const { return number_at(head.data() + 4, 4); }
    std::uint64_t padded_size() const { return size() + size() % 2; }
    bool is_there() const { return at != 0; }
};

/// Reads a WebP: where its chunks are at construction, then the pixels. Of an animation, the first
/// frame.
class WebpReader {
  public:
    explicit WebpReader(ImageFile& file) : file_(file) {
        std::array<unsigned char, file_head> head{};
        file_.read(head.data(), head.size());
        end_ = chunk_head + number_at(&head[4], 4);
        for (int count = 0; count < max_chunks && visit_chunk(count == 0); ++count) {
        }
        check_frame();
    }

    ImageSize size() const { return upright_size(canvas_, orientation_); }

    LoadedImage read() {
        const Bytes pixels = decode();
        const std::size_t frame_width = frame_size_.width;
        UprightImage image(canvas_, orientation_);
        std::vector<Real> rgb(3 * canvas_.width);
        std::vector<Real> alpha(canvas_.width);
        for (std::size_t i = 0; i < canvas_.height; ++i) {
            std::fill(rgb.begin(), rgb.end(), Real{255});
            std::fill(alpha.begin(), alpha.end(), Real{0});
            if (i >= frame_y_ && i - frame_y_ < frame_size_.height) {
                const unsigned char* rgba = pixels.data() + 4 * (i - frame_y_) * frame_width;
                for (std::size_t j = frame_x_; j < frame_x_ + frame_width; ++j, rgba += 4) {
                    std::copy(rgba, rgba + 3, rgb.data() + 3 * j);
                    alpha[j] = rgba[3];
                }
            }
            image.put_row(i, rgb.data(), alpha.data());
        }
        std::vector<std::string> warnings;
        if (is_animated_) warnings.emplace_back("is animated; this is its first frame");
        return image.take(body_of(profile_), std::move(warnings));
    }

  private:
    /// Notes where a chunk is. What stands behind the pixels may be damaged or cut off.
    /// @return whether more can follow
    bool visit_chunk(bool is_first) {
        const bool has_pixels = pixels_.is_there();
        if (has_pixels && (file_.position() >= end_ || file_.left() < chunk_head)) return false;
        const Chunk chunk = read_head();
        if (has_pixels && file_.left() < chunk.size()) return false;
        file_.require_left(chunk.size());
        if (is_first && chunk.is("VP8X")) {
            read_features(chunk);
        } else if (chunk.is("ANMF") && !has_pixels) {
            visit_frame(chunk);
        } else if (chunk.is("ICCP") && !profile_.is_there()) {
            profile_ = chunk;
        } else if (chunk.is("EXIF")) {
            const Bytes exif = body_of(chunk, max_exif);
            orientation_ = exif_orientation(exif.data(), exif.size());
        } else if (!has_pixels) {
            visit_pixels(chunk);
        }
        go_to(std::min(chunk.at + chunk.padded_size(), file_.size()));
        return canvas_is_known_ || !pixels_.is_there();  // the simple form has nothing else
    }

    Chunk read_head() {
        Chunk chunk;
        file_.read(chunk.head.data(), chunk_head);
        chunk.at = file_.position();
        return chunk;
    }

    void go_to(std::uint64_t position) {
        file_.rewind();
        file_.skip(position);
    }

    Bytes body_of(const Chunk& chunk, std::uint64_t max_bytes = UINT64_MAX) {
        Bytes body(chunk.is_there() ? std::min(chunk.size(), max_bytes) : 0);
        if (body.empty()) return body;
        go_to(chunk.at);
        file_.read(body.data(), body.size());
        return body;
    }

    void read_features(const Chunk& chunk) {
        constexpr unsigned animation = 0x02;
        file_.context().require(chunk.size() >= features_size,
                                "is a damaged WebP: its header is too short");
        const Bytes body = body_of(chunk, features_size);
        is_animated_ = (body[0] & animation) != 0;
        canvas_ = {number_at(&body[7], 3) + 1, number_at(&body[4], 3) + 1};
        canvas_is_known_ = true;
        file_.check_size(canvas_, 0);
    }

    /// A frame of an animation holds its place and chunks of its own.
    void visit_frame(const Chunk& chunk) {
        file_.context().require(chunk.size() >= frame_head,
                                "is a damaged WebP: its first frame is too short");
        const Bytes body = body_of(chunk, frame_head);
        frame_x_ = 2 * number_at(&body[0], 3);
        frame_y_ = 2 * number_at(&body[3], 3);
        const std::uint64_t end = chunk.at + chunk.size();
        while (!pixels_.is_there() && file_.position() + chunk_head <= end) {
            const Chunk inner = read_head();
            file_.context().require(inner.size() <= end - inner.at,
                                    "is a damaged WebP: a chunk is longer than its frame");
            visit_pixels(inner);
            go_to(std::min(inner.at + inner.padded_size(), end));
        }
        file_.context().require(pixels_.is_there(), "is a damaged WebP: a frame has no pixels");
    }

    void visit_pixels(const Chunk& chunk) {
        if (chunk.is("ALPH")) alpha_ = chunk;
        if (chunk.is_pixels()) pixels_ = chunk;
    }

    /// Compares the sizes that the file tells in several places, before anything is allocated.
    void check_frame() {
        WebPBitstreamFeatures features{};
        const Bytes begin = with_head(pixels_, bitstream_head);
        check(WebPGetFeatures(begin.data(), begin.size(), &features));
        frame_size_ = {static_cast<std::size_t>(features.height),
                       static_cast<std::size_t>(features.width)};
        // Lossy: at least a bit for each macroblock. Lossless: none where all pixels are equal.
        constexpr std::uint64_t side = 16;
        const std::uint64_t blocks =
            ((frame_size_.height + side - 1) / side) * ((frame_size_.width + side - 1) / side);
        file_.check_size(frame_size_, pixels_.is("VP8 ") ? blocks / 8 : 0);
        if (!canvas_is_known_) canvas_ = frame_size_;
        const bool is_inside = frame_x_ + frame_size_.width <= canvas_.width &&
                               frame_y_ + frame_size_.height <= canvas_.height;
        const bool is_whole =
            frame_size_.width == canvas_.width && frame_size_.height == canvas_.height;
        file_.context().require(is_inside && (is_animated_ || is_whole),
                                "is a damaged WebP: its frame has ", frame_size_.width, "x",
                                frame_size_.height, " pixels, the whole image ", canvas_.width, "x",
                                canvas_.height);
    }

    /// Returns a chunk's head and the beginning of its body, padded to an even number.
    Bytes with_head(const Chunk& chunk, std::uint64_t max_bytes = UINT64_MAX) {
        Bytes bytes;
        if (!chunk.is_there()) return bytes;
        const std::uint64_t size = std::min(chunk.size(), max_bytes);
        bytes.reserve(chunk_head + size + 1);
        bytes.assign(chunk.head.begin(), chunk.head.end());
        bytes.resize(chunk_head + size + size % 2);
        go_to(chunk.at);
        file_.read(bytes.data() + chunk_head, size);
        return bytes;
    }

    /// @return red, green, blue and alpha of the frame's pixels
    Bytes decode() {
        Bytes frame = with_head(alpha_);
        {
            const Bytes body = with_head(pixels_);
            frame.insert(frame.end(), body.begin(), body.end());
        }
        Bytes pixels(4 * frame_size_.height * frame_size_.width);
        WebPDecoderConfig config;
        if (WebPInitDecoderConfig(&config) == 0) {
            file_.context().fail("cannot be read: libwebp is not of the version nst was built for");
        }
        config.output.colorspace = MODE_RGBA;
        config.output.is_external_memory = 1;
        config.output.u.RGBA.rgba = pixels.data();
        config.output.u.RGBA.stride = static_cast<int>(4 * frame_size_.width);
        config.output.u.RGBA.size = pixels.size();
        // libwebp 1.2.4 reads through null pointers when an allocation fails
        require_memory(decoder_memory + 8 * frame_size_.height * frame_size_.width);
        check(WebPDecode(frame.data(), frame.size(), &config));
        return pixels;
    }

    void check(VP8StatusCode status) const {
        switch (status) {
            case VP8_STATUS_OK:
                return;
            case VP8_STATUS_OUT_OF_MEMORY:
                throw std::bad_alloc();
            case VP8_STATUS_NOT_ENOUGH_DATA:
            case VP8_STATUS_SUSPENDED:
                file_.context().fail("is a damaged WebP: its pixels end too early");
            default:
                file_.context().fail("is a damaged WebP: its pixels cannot be decoded");
        }
    }

    ImageFile& file_;
    std::uint64_t end_ = 0;  ///< of the file, as its beginning tells
    Chunk alpha_;
    Chunk pixels_;
    Chunk profile_;
    Orientation orientation_ = Orientation::top_left;
    bool canvas_is_known_ = false;
    bool is_animated_ = false;
    ImageSize canvas_{0, 0};
    ImageSize frame_size_{0, 0};
    std::size_t frame_x_ = 0;
    std::size_t frame_y_ = 0;
};

}  // namespace

ImageSize webp_size(ImageFile& file) {
    return WebpReader(file).size();
}

LoadedImage read_webp(ImageFile& file) {
    return WebpReader(file).read();
}

}  // namespace NST_PRECISION
}  // namespace nst
