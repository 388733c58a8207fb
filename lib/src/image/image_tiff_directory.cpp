#include "image/image_tiff_directory.hpp"

#include <tiff.h>

#include <algorithm>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint64_t linear_raw = 34892;  // a photometric interpretation of DNG
constexpr std::uint64_t max_entries = 4096;  // libtiff's limit

// Beside its values, an entry costs libtiff some memory, and lists of strips are widened to 8
// bytes.
constexpr std::uint64_t spare_values = 1 << 20;
constexpr std::uint64_t bytes_per_strip = 8;

/// Returns the bytes of one value of a type, 0 for an unknown type, which libtiff skips.
std::uint64_t type_size(std::uint64_t type) {
    constexpr std::array<std::uint8_t, 19> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                                    8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < sizes.size() ? sizes[type] : 0;
}

struct Entry {
    std::uint64_t tag;
    std::uint64_t type;
    std::uint64_t count;
    std::uint64_t value;  ///< the first one, when it is stored in the entry itself
};

class DirectoryReader {
  public:
    explicit DirectoryReader(ImageFile& file) : file_(file) {}

    TiffDirectory read() {
        read_header();
        const std::uint64_t entries = number(is_big_ ? 8 : 2);
        file_.context().require(entries > 0 && entries <= max_entries, "is a damaged TIFF: it has ",
                                entries, " entries");
        const std::uint64_t begin = file_.position();
        const std::uint64_t entry_size = is_big_ ? 20 : 12;
        file_.require_left(entries * entry_size);
        for (std::uint64_t k = 0; k < entries; ++k) {
            go_to(begin + k * entry_size);
            visit(read_entry());
        }
        refuse_raw();
        check_pixels();
        return directory_;
    }

  private:
    void go_to(std::uint64_t position) {
        file_.rewind();
        file_.skip(position);
    }

    std::uint64_t number(std::size_t count) {
        std::array<unsigned char, 8> bytes{};
        file_.read(bytes.data(), count);
        std::uint64_t value = 0;
        for (std::size_t k = 0; k < count; ++k) {
            value = value << 8 | bytes[is_big_endian_ ? k : count - 1 - k];
        }
        return value;
    }

    void read_header() {
        std::array<unsigned char, 2> order{};
        file_.read(order.data(), order.size());
        is_big_endian_ = order[0] == 'M';
        is_big_ = number(2) == TIFF_VERSION_BIG;
        if (is_big_) {
            file_.context().require(number(4) == 8, "is a damaged TIFF: its offsets are not of 8 ",
                                    "bytes");
        }
        go_to(number(is_big_ ? 8 : 4));
    }

    Entry read_entry() {
        Entry entry{};
        entry.tag = number(2);
        entry.type = number(2);
        entry.count = number(is_big_ ? 8 : 4);
        const std::uint64_t room = is_big_ ? 8 : 4;
        const std::uint64_t size = type_size(entry.type);
        if (size == 0) return entry;
        file_.context().require(entry.count <= file_.size() / size, "is a damaged TIFF: a value ",
                                "is larger than the file");
        if (size * entry.count <= room) {
            entry.value = number(static_cast<std::size_t>(size));
        } else {
            entry.value = outside(entry, number(static_cast<std::size_t>(room)));
        }
        return entry;
    }

    /// Returns the first of the values that are stored elsewhere in the file.
    std::uint64_t outside(const Entry& entry, std::uint64_t position) {
        const std::uint64_t size = type_size(entry.type);
        values_ += size * entry.count;
        if (position > file_.size() || size * entry.count > file_.size() - position) return 0;
        go_to(position);
        return number(static_cast<std::size_t>(size));
    }

    void visit(const Entry& entry) {
        switch (entry.tag) {
            case TIFFTAG_IMAGEWIDTH:
                directory_.size.width = entry.value;
                break;
            case TIFFTAG_IMAGELENGTH:
                directory_.size.height = entry.value;
                break;
            case TIFFTAG_BITSPERSAMPLE:
                directory_.bits = entry.value;
                break;
            case TIFFTAG_SAMPLESPERPIXEL:
                directory_.samples = entry.value;
                break;
            case TIFFTAG_COMPRESSION:
                directory_.compression = entry.value;
                break;
            case TIFFTAG_PHOTOMETRIC:
                directory_.photometric = entry.value;
                break;
            case TIFFTAG_ORIENTATION:
                if (entry.value >= 1 && entry.value <= 8) {
                    directory_.orientation = static_cast<Orientation>(entry.value);
                }
                break;
            case TIFFTAG_STRIPOFFSETS:
            case TIFFTAG_STRIPBYTECOUNTS:
            case TIFFTAG_TILEOFFSETS:
            case TIFFTAG_TILEBYTECOUNTS:
                values_ += entry.count * bytes_per_strip;
                break;
            default:
                visit_of_camera(entry);
        }
    }

    void visit_of_camera(const Entry& entry) {
        if (entry.tag == TIFFTAG_SUBFILETYPE) is_preview_ = (entry.value & 1) != 0;
        if (entry.tag == TIFFTAG_SUBIFD) has_others_ = true;
        if (entry.tag == TIFFTAG_DNGVERSION) is_dng_ = true;
    }

    /// A camera's raw data are a TIFF whose first image is a small preview or a mosaic of colours.
    void refuse_raw() const {
        if (is_dng_) file_.context().fail(describe_raw("a camera's raw data (DNG)"));
        const std::uint64_t meaning = directory_.photometric;
        if ((is_preview_ && has_others_) || meaning == PHOTOMETRIC_CFA || meaning == linear_raw) {
            file_.context().fail(describe_raw("a camera's raw data (such as NEF, ARW or PEF)"));
        }
    }

    void check_pixels() const {
        file_.context().require(values_ <= spare_values + 2 * file_.size(),
                                "is a damaged TIFF: ", "its directory announces ", values_,
                                " bytes");
        // of YCbCr, two samples may be stored for few pixels only
        const bool is_subsampled = directory_.photometric == PHOTOMETRIC_YCBCR;
        const std::uint64_t samples = is_subsampled ? 1 : directory_.samples;
        file_.context().require(
            samples > 0 && samples < 1 << 16 && directory_.bits > 0 && directory_.bits <= 64,
            "is a damaged TIFF: ", samples, " samples of ", directory_.bits,
            " bits for each pixel");
        file_.check_size(directory_.size, 0);
        const std::uint64_t row = (directory_.size.width * samples * directory_.bits + 7) / 8;
        file_.check_size(directory_.size, min_bytes(row * directory_.size.height));
    }

    /// Returns the fewest bytes from which so many bytes of pixels can be decoded.
    std::uint64_t min_bytes(std::uint64_t decoded) const {
        switch (directory_.compression) {
            case COMPRESSION_NONE:
                return decoded;
            case COMPRESSION_PACKBITS:  // two bytes for a run of 128
                return decoded / 64;
            case COMPRESSION_LZW:  // nine bits or more for a text that grows up to 4096
                return decoded / 4096;
            case COMPRESSION_DEFLATE:
            case COMPRESSION_ADOBE_DEFLATE:
                return decoded / 1032;
            case COMPRESSION_JPEG:  // as of a JPEG file
                return directory_.size.height * directory_.size.width / 512;
            case COMPRESSION_ZSTD:  // four bytes for a block of 128 KiB
                return decoded / (1 << 15);
            case COMPRESSION_CCITTRLE:
            case COMPRESSION_CCITTRLEW:
            case COMPRESSION_CCITTFAX3:
            case COMPRESSION_CCITTFAX4:  // a bit for a row
                return directory_.size.height / 8;
            default:
                return 0;
        }
    }

    ImageFile& file_;
    TiffDirectory directory_;
    bool is_big_endian_ = false;
    bool is_big_ = false;
    bool is_preview_ = false;
    bool has_others_ = false;
    bool is_dng_ = false;
    std::uint64_t values_ = 0;  ///< bytes that libtiff will allocate for values
};

}  // namespace

TiffDirectory read_tiff_directory(ImageFile& file) {
    return DirectoryReader(file).read();
}

}  // namespace NST_PRECISION
}  // namespace nst
