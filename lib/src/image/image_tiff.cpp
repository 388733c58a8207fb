#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "image/image_formats.hpp"
#include "image/image_orientation.hpp"
#include "image/image_tiff_directory.hpp"
#include "system/memory.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::uint64_t spare_memory = std::uint64_t{8} << 20;
constexpr std::uint64_t max_bytes_per_pixel = 10;  // of a strip or a row of tiles
constexpr std::size_t max_planes = 5;              // CMYK and alpha

using Message = std::array<char, 160>;

/// What libtiff reads from and reports to.
struct Client {
    ImageFile* file = nullptr;
    bool reads_pixels = false;
    bool has_failed = false;  ///< an error, or a warning that pixels are missing
    bool lacks_memory = false;
    Message message{};

    static Client& of(thandle_t handle) { return *static_cast<Client*>(handle); }
};

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t count) {
    std::FILE* stream = Client::of(handle).file->stream();
    return static_cast<tmsize_t>(std::fread(to, 1, static_cast<std::size_t>(count), stream));
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
    return -1;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
    std::FILE* stream = Client::of(handle).file->stream();
    if (fseeko(stream, static_cast<off_t>(offset), whence) != 0) return static_cast<toff_t>(-1);
    return static_cast<toff_t>(ftello(stream));
}

int close_nothing(thandle_t) {
    return 0;
}

toff_t size_of(thandle_t handle) {
    return Client::of(handle).file->size();
}

bool contains(const char* text, const char* part) {
    return text != nullptr && std::strstr(text, part) != nullptr;
}

Message message_of(const char* format, va_list values) {
    Message text{};
    std::vsnprintf(text.data(), text.size(), format, values);
    return text;
}

/// Whether libtiff, or a library that it calls, says that there is no memory; but not that our
/// limit forbids it.
bool is_about_memory(const char* text) {
    return (contains(text, "emory") || contains(text, "No space for")) && !contains(text, "limit");
}

/// @return 1, so that nothing is printed
int note_error(TIFF*, void* data, const char*, const char* format, va_list values) {
    const Message text = message_of(format, values);
    Client& client = *static_cast<Client*>(data);
    client.lacks_memory = client.lacks_memory || is_about_memory(text.data());
    if (client.has_failed) return 1;  // the first one says most
    client.has_failed = client.reads_pixels;
    client.message = text;
    return 1;
}

/// libtiff only warns of missing pixels in JPEG and fax data.
int note_warning(TIFF*, void* data, const char* module, const char* format, va_list values) {
    const Message text = message_of(format, values);
    const bool loses_pixels =
        (contains(module, "JPEGLib") && !contains(text.data(), "extraneous bytes")) ||
        contains(text.data(), "Premature EOF");
    Client& client = *static_cast<Client*>(data);
    if (!client.reads_pixels || !loses_pixels || client.has_failed) return 1;
    client.has_failed = true;
    client.message = text;
    return 1;
}

struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

/// What the samples of a pixel mean.
struct Layout {
    std::uint16_t bits = 1;
    std::uint16_t samples = 1;
    std::uint16_t colours = 1;  ///< 1: grey or an index, 3: RGB, 4: CMYK
    std::uint16_t alpha = 0;    ///< the sample, 0 for none
    bool is_premultiplied = false;
    bool is_inverted = false;  ///< 0 is white
    bool is_separate = false;  ///< each sample has strips of its own
    std::array<const std::uint16_t*, 3> palette{};
    bool has_wide_palette = true;
};

/// A strip or a tile of pixels as the file stores them, one buffer for each plane.
struct Unit {
    std::array<Bytes, max_planes> planes;
};

class TiffReader {
  public:
    explicit TiffReader(ImageFile& file) : file_(file), directory_(read_tiff_directory(file)) {
        client_.file = &file;
    }

    ImageSize size() const { return upright_size(directory_.size, directory_.orientation); }

    LoadedImage read() {
        open();
        check_agreement();
        UprightImage image(directory_.size, directory_.orientation);
        client_.reads_pixels = true;
        if (is_for_libtiff()) {
            read_by_libtiff(image);
        } else {
            layout_ = read_layout();
            read_units(image);
        }
        client_.reads_pixels = false;
        std::vector<std::string> warnings;
        if (TIFFLastDirectory(tiff_.get()) == 0) {
            warnings.emplace_back("has several pages; this is the first");
        }
        return image.take(profile(), std::move(warnings));
    }

  private:
    void open() {
        const std::unique_ptr<TIFFOpenOptions, Close> options(TIFFOpenOptionsAlloc());
        if (!options) throw std::bad_alloc();
        TIFFOpenOptionsSetErrorHandlerExtR(options.get(), note_error, &client_);
        TIFFOpenOptionsSetWarningHandlerExtR(options.get(), note_warning, &client_);
        TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(max_memory()));
        file_.rewind();
        require_memory(spare_memory + file_.size());  // libtiff 4.5 crashes when it lacks some
        // m: without mapping the file, which could become shorter
        tiff_.reset(TIFFClientOpenExt("TIFF", "rm", &client_, read_bytes, write_nothing, seek,
                                      close_nothing, size_of, nullptr, nullptr, options.get()));
        if (!tiff_) fail();
    }

    std::uint64_t pixels() const {
        return std::uint64_t{directory_.size.height} * directory_.size.width;
    }

    std::uint64_t max_memory() const {
        return spare_memory + file_.size() + max_bytes_per_pixel * pixels();
    }

    [[noreturn]] void fail() const {
        if (client_.lacks_memory) throw std::bad_alloc();
        if (std::ferror(file_.stream()) != 0) file_.fail_read();
        const std::string why = client_.message.data();
        file_.context().fail("is a damaged TIFF: ", why.empty() ? "it cannot be decoded" : why);
    }

    [[noreturn]] void refuse_kind(const std::string& kind) const {
        file_.context().fail("is a TIFF of a rare kind: ", kind, ". Save it as PNG or as a plain ",
                             "TIFF");
    }

    /// Runs a step that decodes pixels.
    void check(bool succeeded) const {
        if (!succeeded || client_.has_failed) fail();
    }

    std::uint16_t short_of(std::uint32_t tag) const {
        std::uint16_t value = 0;
        TIFFGetFieldDefaulted(tiff_.get(), tag, &value);
        return value;
    }

    std::uint32_t long_of(std::uint32_t tag) const {
        std::uint32_t value = 0;
        TIFFGetFieldDefaulted(tiff_.get(), tag, &value);
        return value;
    }

    /// libtiff must have read from the directory what has been checked.
    void check_agreement() const {
        const bool agrees = long_of(TIFFTAG_IMAGEWIDTH) == directory_.size.width &&
                            long_of(TIFFTAG_IMAGELENGTH) == directory_.size.height &&
                            short_of(TIFFTAG_COMPRESSION) == directory_.compression &&
                            short_of(TIFFTAG_BITSPERSAMPLE) == directory_.bits &&
                            short_of(TIFFTAG_SAMPLESPERPIXEL) == directory_.samples;
        file_.context().require(agrees, "is a damaged TIFF: its directory contradicts itself");
        check_compression();
    }

    /// Others can take any amount of memory, or are missing from many a libtiff.
    void check_compression() const {
        switch (directory_.compression) {
            case COMPRESSION_NONE:
            case COMPRESSION_CCITTRLE:
            case COMPRESSION_CCITTRLEW:
            case COMPRESSION_CCITTFAX3:
            case COMPRESSION_CCITTFAX4:
            case COMPRESSION_LZW:
            case COMPRESSION_JPEG:
            case COMPRESSION_DEFLATE:
            case COMPRESSION_ADOBE_DEFLATE:
            case COMPRESSION_PACKBITS:
            case COMPRESSION_THUNDERSCAN:
            case COMPRESSION_NEXT:
            case COMPRESSION_ZSTD:
            case COMPRESSION_WEBP:
                break;
            default:
                refuse_kind("compression " + std::to_string(directory_.compression));
        }
        const auto scheme = static_cast<std::uint16_t>(directory_.compression);
        if (TIFFIsCODECConfigured(scheme) == 0) {
            refuse_kind("compression " + std::to_string(scheme) + ", which this libtiff lacks");
        }
    }

    bool is_jpeg() const { return directory_.compression == COMPRESSION_JPEG; }

    /// Colours that libtiff itself converts, to 8 bits.
    bool is_for_libtiff() const {
        switch (short_of(TIFFTAG_PHOTOMETRIC)) {
            case PHOTOMETRIC_YCBCR:
                return !is_jpeg();
            case PHOTOMETRIC_CIELAB:
            case PHOTOMETRIC_ICCLAB:
            case PHOTOMETRIC_LOGL:
            case PHOTOMETRIC_LOGLUV:
                return true;
            default:
                return false;
        }
    }

    void read_by_libtiff(UprightImage& image) {
        require_unit_size(TIFFIsTiled(tiff_.get()) ? TIFFTileSize64(tiff_.get())
                                                   : TIFFStripSize64(tiff_.get()));
        std::vector<std::uint32_t> raster(pixels());
        TIFFRGBAImage decoder;
        std::array<char, 1024> why{};
        if (TIFFRGBAImageBegin(&decoder, tiff_.get(), 1, why.data()) == 0) {
            if (client_.lacks_memory) throw std::bad_alloc();
            refuse_kind(one_line(why.data()));
        }
        decoder.req_orientation = decoder.orientation;  // rows in the order of the file
        const bool done =
            TIFFRGBAImageGet(&decoder, raster.data(), decoder.width, decoder.height) != 0;
        TIFFRGBAImageEnd(&decoder);
        check(done);
        std::vector<Real> rgb(3 * directory_.size.width);
        for (std::size_t i = 0; i < directory_.size.height; ++i) {
            const std::uint32_t* row = raster.data() + i * directory_.size.width;
            for (std::size_t j = 0; j < directory_.size.width; ++j) {
                rgb[3 * j] = static_cast<Real>(TIFFGetR(row[j]));
                rgb[3 * j + 1] = static_cast<Real>(TIFFGetG(row[j]));
                rgb[3 * j + 2] = static_cast<Real>(TIFFGetB(row[j]));
            }
            image.put_row(i, rgb.data());
        }
    }

    Layout read_layout() {
        Layout layout;
        layout.bits = short_of(TIFFTAG_BITSPERSAMPLE);
        layout.samples = short_of(TIFFTAG_SAMPLESPERPIXEL);
        layout.is_separate =
            layout.samples > 1 && short_of(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
        const std::uint16_t format = short_of(TIFFTAG_SAMPLEFORMAT);
        if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) {
            refuse_kind("samples that are not whole numbers from 0 on");
        }
        if (layout.bits > 16) {
            refuse_kind(std::to_string(layout.bits) + " bits for each sample");
        }
        read_colours(layout);
        if (layout.samples < layout.colours) {
            refuse_kind(std::to_string(layout.samples) + " samples for each pixel");
        }
        read_alpha(layout);
        return layout;
    }

    void read_colours(Layout& layout) {
        const std::uint16_t meaning = short_of(TIFFTAG_PHOTOMETRIC);
        switch (meaning) {
            case PHOTOMETRIC_MINISWHITE:
                layout.is_inverted = true;
                break;
            case PHOTOMETRIC_MINISBLACK:
            case PHOTOMETRIC_MASK:
                break;
            case PHOTOMETRIC_YCBCR:  // JPEG: libjpeg converts
                if (layout.is_separate) refuse_kind("YCbCr in separate planes");
                TIFFSetField(tiff_.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
                layout.colours = 3;
                break;
            case PHOTOMETRIC_RGB:
                layout.colours = 3;
                break;
            case PHOTOMETRIC_SEPARATED:
                if (short_of(TIFFTAG_INKSET) != INKSET_CMYK) refuse_kind("inks other than CMYK");
                layout.colours = 4;
                break;
            case PHOTOMETRIC_PALETTE:
                read_palette(layout);
                break;
            default:
                refuse_kind("colours of kind " + std::to_string(meaning));
        }
    }

    /// Values are of 16 bits; some programs have stored 8.
    void read_palette(Layout& layout) {
        std::uint16_t* red = nullptr;
        std::uint16_t* green = nullptr;
        std::uint16_t* blue = nullptr;
        const int found = TIFFGetField(tiff_.get(), TIFFTAG_COLORMAP, &red, &green, &blue);
        file_.context().require(found != 0 && red != nullptr,
                                "is a damaged TIFF: it has no palette");
        layout.palette = {red, green, blue};
        const std::size_t count = std::size_t{1} << layout.bits;
        layout.has_wide_palette = std::any_of(
            layout.palette.begin(), layout.palette.end(), [count](const std::uint16_t* values) {
                return std::any_of(values, values + count, [](std::uint16_t v) { return v > 255; });
            });
    }

    void read_alpha(Layout& layout) const {
        std::uint16_t count = 0;
        std::uint16_t* kinds = nullptr;
        TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
        for (std::uint16_t k = 0; k < count && layout.alpha == 0; ++k) {
            if (kinds[k] == EXTRASAMPLE_UNSPECIFIED) continue;
            layout.is_premultiplied = kinds[k] == EXTRASAMPLE_ASSOCALPHA;
            layout.alpha = static_cast<std::uint16_t>(layout.colours + k);
        }
        // some programs do not say that the fourth sample of RGB is alpha
        if (count == 0 && layout.colours == 3 && layout.samples == 4) layout.alpha = 3;
        if (layout.alpha >= layout.samples) layout.alpha = 0;
    }

    void require_unit_size(std::uint64_t bytes) const {
        file_.context().require(bytes > 0, "is a damaged TIFF: a strip or tile has no size");
        file_.context().require(bytes <= spare_memory + max_bytes_per_pixel * pixels(),
                                "is a TIFF ", "whose strips or tiles take ", bytes,
                                " bytes, too many for ", directory_.size.width, "x",
                                directory_.size.height, " pixels");
    }

    /// The samples that count, each a plane of its own where planes are separate.
    std::vector<std::uint16_t> planes() const {
        std::vector<std::uint16_t> planes;
        if (!layout_.is_separate) return {0};
        for (std::uint16_t c = 0; c < layout_.colours; ++c) planes.push_back(c);
        if (layout_.alpha != 0) planes.push_back(layout_.alpha);
        return planes;
    }

    /// Reads bands of strips or tiles, from top to bottom.
    void read_units(UprightImage& image) {
        const bool is_tiled = TIFFIsTiled(tiff_.get()) != 0;
        const std::size_t width = directory_.size.width;
        const std::size_t height = directory_.size.height;
        std::size_t unit_width = width;
        std::size_t unit_height = 0;
        if (is_tiled) {
            unit_width = long_of(TIFFTAG_TILEWIDTH);
            unit_height = long_of(TIFFTAG_TILELENGTH);
        } else {
            // one row after another; planes beside each other need whole strips
            const std::size_t rows = std::min<std::size_t>(long_of(TIFFTAG_ROWSPERSTRIP), height);
            unit_height = layout_.is_separate ? rows : 1;
        }
        file_.context().require(unit_width > 0 && unit_height > 0,
                                "is a damaged TIFF: a strip or tile has no size");
        const std::size_t across = (width + unit_width - 1) / unit_width;
        row_bytes_ = static_cast<std::size_t>(is_tiled ? TIFFTileRowSize64(tiff_.get())
                                                       : TIFFScanlineSize64(tiff_.get()));
        const std::vector<std::uint16_t> needed = planes();
        check_units(unit_height, across * needed.size());
        std::vector<Unit> band(across);
        for (Unit& unit : band) {
            for (std::size_t p = 0; p < needed.size(); ++p) {
                unit.planes[p].resize(row_bytes_ * unit_height);
            }
        }
        for (std::size_t top = 0; top < height; top += unit_height) {
            for (std::size_t u = 0; u < across; ++u) {
                for (std::size_t p = 0; p < needed.size(); ++p) {
                    read_unit(band[u].planes[p], u * unit_width, top, unit_height, needed[p]);
                }
            }
            for (std::size_t i = 0; i < std::min(unit_height, height - top); ++i) {
                put_row(image, top + i, band, i, unit_width);
            }
        }
    }

    void check_units(std::size_t unit_height, std::size_t units) const {
        const std::uint64_t in_row =
            std::uint64_t{layout_.bits} * (layout_.is_separate ? 1 : layout_.samples);
        const std::uint64_t least =
            (in_row * (TIFFIsTiled(tiff_.get()) != 0 ? long_of(TIFFTAG_TILEWIDTH)
                                                     : directory_.size.width) +
             7) /
            8;
        file_.context().require(row_bytes_ >= least, "is a damaged TIFF: its rows are too short");
        require_unit_size(row_bytes_);
        require_unit_size(unit_height);
        require_unit_size(std::uint64_t{row_bytes_} * unit_height);
        require_unit_size(std::uint64_t{row_bytes_} * unit_height * units);
    }

    void read_unit(Bytes& to, std::size_t left, std::size_t top, std::size_t rows,
                   std::uint16_t plane) {
        const auto x = static_cast<std::uint32_t>(left);
        const auto y = static_cast<std::uint32_t>(top);
        if (TIFFIsTiled(tiff_.get()) != 0) {
            const std::uint32_t tile = TIFFComputeTile(tiff_.get(), x, y, 0, plane);
            const auto size = static_cast<tmsize_t>(to.size());
            check(TIFFReadEncodedTile(tiff_.get(), tile, to.data(), size) == size);
        } else if (!layout_.is_separate) {
            check(TIFFReadScanline(tiff_.get(), to.data(), y, 0) == 1);
        } else {
            const std::size_t count = std::min(rows, directory_.size.height - top) * row_bytes_;
            const std::uint32_t strip = TIFFComputeStrip(tiff_.get(), y, plane);
            const auto size = static_cast<tmsize_t>(count);
            check(TIFFReadEncodedStrip(tiff_.get(), strip, to.data(), size) == size);
        }
    }

    /// Returns a sample of a row; 16-bit samples are in the processor's order of bytes.
    unsigned sample(const unsigned char* row, std::size_t index) const {
        switch (layout_.bits) {
            case 8:
                return row[index];
            case 16: {
                std::uint16_t value = 0;
                std::memcpy(&value, row + 2 * index, sizeof value);
                return value;
            }
            default: {
                unsigned value = 0;
                for (std::size_t b = index * layout_.bits; b < (index + 1) * layout_.bits; ++b) {
                    value = value << 1 | (unsigned{row[b / 8]} >> (7 - b % 8) & 1);
                }
                return value;
            }
        }
    }

    void put_row(UprightImage& image, std::size_t i, const std::vector<Unit>& band, std::size_t row,
                 std::size_t unit_width) {
        const std::size_t width = directory_.size.width;
        rgb_.resize(3 * width);
        alpha_.resize(width);
        const std::size_t colours = layout_.colours;
        const Real scale = Real{255} / static_cast<Real>((1u << layout_.bits) - 1);
        for (std::size_t j = 0; j < width; ++j) {
            const Unit& unit = band[j / unit_width];
            const std::size_t at = j % unit_width;
            const auto value = [&](std::size_t channel) {
                const std::size_t plane = !layout_.is_separate ? 0 : std::min(channel, colours);
                const unsigned char* from = unit.planes[plane].data() + row * row_bytes_;
                return sample(from, layout_.is_separate ? at : at * layout_.samples + channel);
            };
            Real* rgb = &rgb_[3 * j];
            put_colours(value, scale, rgb);
            if (layout_.alpha == 0) continue;
            alpha_[j] = static_cast<Real>(value(layout_.alpha)) * scale;
            if (layout_.is_premultiplied) divide(rgb, alpha_[j]);
        }
        image.put_row(i, rgb_.data(), layout_.alpha == 0 ? nullptr : alpha_.data());
    }

    template <class Value>
    void put_colours(const Value& value, Real scale, Real* rgb) const {
        if (layout_.palette[0] != nullptr) {
            const unsigned index = value(0);
            for (std::size_t c = 0; c < 3; ++c) {
                rgb[c] = static_cast<Real>(layout_.palette[c][index]) /
                         (layout_.has_wide_palette ? Real{257} : Real{1});
            }
            return;
        }
        for (std::size_t c = 0; c < 3; ++c) {
            const Real level = static_cast<Real>(value(layout_.colours == 1 ? 0 : c)) * scale;
            rgb[c] = layout_.is_inverted ? 255 - level : level;
        }
        if (layout_.colours != 4) return;
        const Real light = 255 - static_cast<Real>(value(3)) * scale;  // that black ink leaves
        for (std::size_t c = 0; c < 3; ++c) rgb[c] = (255 - rgb[c]) * light / 255;
    }

    /// Colours that were multiplied by alpha as they were before.
    static void divide(Real* rgb, Real alpha) {
        for (std::size_t c = 0; c < 3; ++c) {
            rgb[c] = alpha > 0 ? std::min(Real{255}, rgb[c] * 255 / alpha) : Real{255};
        }
    }

    Bytes profile() const {
        std::uint32_t count = 0;
        unsigned char* bytes = nullptr;
        if (TIFFGetField(tiff_.get(), TIFFTAG_ICCPROFILE, &count, &bytes) == 0) return {};
        return bytes == nullptr ? Bytes() : Bytes(bytes, bytes + count);
    }

    ImageFile& file_;
    TiffDirectory directory_;
    Client client_;
    std::unique_ptr<TIFF, Close> tiff_;
    Layout layout_;
    std::size_t row_bytes_ = 0;
    std::vector<Real> rgb_;
    std::vector<Real> alpha_;
};

}  // namespace

ImageSize tiff_size(ImageFile& file) {
    return TiffReader(file).size();
}

LoadedImage read_tiff(ImageFile& file) {
    return TiffReader(file).read();
}

}  // namespace NST_PRECISION
}  // namespace nst
