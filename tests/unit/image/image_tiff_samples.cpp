#include "image_tiff_samples.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "support/temporary_folder.hpp"

namespace nst_test {

namespace {

struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

/// A rectangle of samples as libtiff writes them; what is outside of the image repeats
/// its edge.
class Packer {
  public:
    Packer(const TiffSpec& spec, const std::vector<unsigned>& samples)
        : spec_(spec), samples_(samples) {}

    /// @param plane  the only sample, or -1 for all
    Bytes pack(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint32_t height,
               int plane) const {
        Bytes bytes;
        const unsigned first = plane < 0 ? 0 : static_cast<unsigned>(plane);
        const unsigned end = plane < 0 ? static_cast<unsigned>(spec_.samples) : first + 1;
        for (std::uint32_t i = y; i < y + height; ++i) {
            unsigned pending = 0;
            unsigned bits = 0;
            for (std::uint32_t j = x; j < x + width; ++j) {
                for (unsigned s = first; s < end; ++s) append(bytes, at(i, j, s), pending, bits);
            }
            if (bits > 0) bytes.push_back(static_cast<unsigned char>(pending << (8 - bits)));
        }
        return bytes;
    }

  private:
    unsigned at(std::uint32_t i, std::uint32_t j, unsigned s) const {
        i = std::min(i, spec_.height - 1);
        j = std::min(j, spec_.width - 1);
        return samples_[(std::size_t{i} * spec_.width + j) *
                            static_cast<std::size_t>(spec_.samples) +
                        s];
    }

    void append(Bytes& bytes, unsigned value, unsigned& pending, unsigned& bits) const {
        if (spec_.bits == 16) {  // in this machine's order
            const auto number = static_cast<std::uint16_t>(value);
            const auto* raw = reinterpret_cast<const unsigned char*>(&number);
            bytes.insert(bytes.end(), raw, raw + 2);
            return;
        }
        for (int b = spec_.bits; b-- > 0;) {
            pending = pending << 1 | (value >> b & 1);
            if (++bits < 8) continue;
            bytes.push_back(static_cast<unsigned char>(pending));
            pending = bits = 0;
        }
    }

    const TiffSpec& spec_;
    const std::vector<unsigned>& samples_;
};

void set_tags(TIFF* tiff, const TiffSpec& spec) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, spec.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, spec.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, spec.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, spec.samples);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, spec.compression);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, spec.photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
                 spec.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    if (!spec.extra.empty()) {
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<std::uint16_t>(spec.extra.size()),
                     spec.extra.data());
    }
    if (spec.orientation != 0) TIFFSetField(tiff, TIFFTAG_ORIENTATION, spec.orientation);
    if (spec.tile != 0) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, spec.tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, spec.tile);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, spec.strip);
    }
    if (spec.compression == COMPRESSION_JPEG) {
        TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, 100);
        if (spec.photometric == PHOTOMETRIC_YCBCR) {
            TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        }
    }
    if (spec.more) spec.more(tiff);
}

void write_pixels(TIFF* tiff, const TiffSpec& spec, const std::vector<unsigned>& samples) {
    const Packer packer(spec, samples);
    const std::uint32_t across = spec.tile != 0 ? spec.tile : spec.width;
    const std::uint32_t down = spec.tile != 0 ? spec.tile : spec.strip;
    const int planes = spec.separate ? spec.samples : 1;
    for (int plane = 0; plane < planes; ++plane) {
        for (std::uint32_t y = 0; y < spec.height; y += down) {
            for (std::uint32_t x = 0; x < spec.width; x += across) {
                const std::uint32_t rows = spec.tile != 0 ? down : std::min(down, spec.height - y);
                Bytes unit = packer.pack(x, y, across, rows, spec.separate ? plane : -1);
                const auto s = static_cast<std::uint16_t>(plane);
                const auto size = static_cast<tmsize_t>(unit.size());
                const tmsize_t written =
                    spec.tile != 0 ? TIFFWriteEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, s),
                                                          unit.data(), size)
                                   : TIFFWriteEncodedStrip(tiff, TIFFComputeStrip(tiff, y, s),
                                                           unit.data(), size);
                if (written < 0) throw std::runtime_error("libtiff does not write");
            }
        }
    }
}

}  // namespace

Bytes make_tiff_pages(const std::vector<TiffSpec>& pages, const std::vector<unsigned>& samples) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "made.tif";
    {
        TIFFSetWarningHandler(nullptr);  // the old number of deflate is meant
        const std::unique_ptr<TIFF, Close> tiff(TIFFOpen(file.c_str(), pages.front().mode));
        if (!tiff) throw std::runtime_error("libtiff does not open");
        for (const TiffSpec& spec : pages) {
            set_tags(tiff.get(), spec);
            write_pixels(tiff.get(), spec, samples);
            if (TIFFWriteDirectory(tiff.get()) == 0) throw std::runtime_error("no directory");
        }
    }
    return read_bytes(file);
}

Bytes make_tiff(const TiffSpec& spec, const std::vector<unsigned>& samples) {
    return make_tiff_pages({spec}, samples);
}

}  // namespace nst_test
