#include "image/image_signatures.hpp"

#include <utf8cpp/utf8.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace nst {
inline namespace NST_PRECISION {

namespace {

using namespace std::string_view_literals;

constexpr const char* in_general = "Convert it to PNG or JPEG";
constexpr const char* raw_advice =
    "Develop it and export PNG or JPEG, for example with darktable or dcraw -T";
constexpr const char* video_advice =
    "Take a picture out of it, for example with ffmpeg -i VIDEO -frames:v 1 picture.png";
constexpr const char* archive_advice = "Unpack it and name the picture inside";
constexpr const char* vector_advice =
    "Draw it as PNG first, for example with rsvg-convert or Inkscape";
constexpr const char* pages_advice = "Make a picture of a page, for example with pdftoppm -png";
constexpr const char* heic_advice =
    "Convert it, for example with heif-convert, or let the phone share it as JPEG";

/// A kind of file that is not read.
struct Kind {
    const char* name;
    const char* advice;
};

/// Bytes at a fixed place that tell a kind of file.
struct Signature {
    std::size_t offset;
    std::string_view bytes;
    Kind kind;
};

constexpr Signature signatures[] = {
    // pictures
    {0, "GIF87a"sv, {"a GIF picture", in_general}},
    {0, "GIF89a"sv, {"a GIF picture", in_general}},
    {0,
     "\x00\x00\x00\x0cJXL \r\n\x87\n"sv,
     {"a JPEG XL picture", "Convert it to PNG, for example with djxl"}},
    {0, "\xff\x0a"sv, {"a JPEG XL picture", "Convert it to PNG, for example with djxl"}},
    {0,
     "\x00\x00\x00\x0cjP  \r\n\x87\n"sv,
     {"a JPEG 2000 picture", "Convert it to PNG, for example with opj_decompress"}},
    {0,
     "\xff\x4f\xff\x51"sv,
     {"a JPEG 2000 picture", "Convert it to PNG, for example with opj_decompress"}},
    {0, "II\xbc"sv, {"a JPEG XR picture", in_general}},
    {0, "\x00\x00\x01\x00"sv, {"a Windows icon", in_general}},
    {0, "\x00\x00\x02\x00"sv, {"a Windows cursor", in_general}},
    {0, "icns"sv, {"an icon of macOS", in_general}},
    {0, "8BPS"sv, {"a Photoshop document", "Export it as PNG"}},
    {0, "gimp xcf"sv, {"a picture in GIMP's own format (XCF)", "Export it as PNG"}},
    {0, "\x76\x2f\x31\x01"sv, {"an OpenEXR picture", "Convert it to PNG"}},
    {0, "#?RADIANCE"sv, {"a Radiance HDR picture", "Convert it to PNG"}},
    {0, "#?RGBE"sv, {"a Radiance HDR picture", "Convert it to PNG"}},
    {0, "qoif"sv, {"a QOI picture", in_general}},
    {0, "DDS "sv, {"a DDS texture", in_general}},
    {0, "\xabKTX "sv, {"a KTX texture", in_general}},
    {0, "FLIF"sv, {"a FLIF picture", in_general}},
    {0, "BPG\xfb"sv, {"a BPG picture", in_general}},
    {0, "farbfeld"sv, {"a farbfeld picture", in_general}},
    {0, "\x59\xa6\x6a\x95"sv, {"a Sun raster picture", in_general}},
    {0, "\x01\xda\x00"sv, {"an SGI picture", in_general}},
    {0, "\x01\xda\x01"sv, {"an SGI picture", in_general}},
    {0, "\x0a\x05\x01"sv, {"a PCX picture", in_general}},
    {0, "SIMPLE  ="sv, {"an astronomer's FITS file", in_general}},
    {128, "DICM"sv, {"a medical picture (DICOM)", in_general}},
    {0, "\x8aMNG\r\n\x1a\n"sv, {"an MNG animation", in_general}},
    {0, "\x8bJNG\r\n\x1a\n"sv, {"a JNG picture", in_general}},
    {0, "AT&TFORM"sv, {"a DjVu document", "Make a picture of a page, for example with ddjvu"}},
    {0, "\xd7\xcd\xc6\x9a"sv, {"a Windows metafile", vector_advice}},
    {40, " EMF"sv, {"a Windows metafile", vector_advice}},
    // cameras' raw data; what is also a TIFF is found by its directory
    {8, "CR\x02"sv, {"a camera's raw data (Canon CR2)", raw_advice}},
    {6, "HEAPCCDR"sv, {"a camera's raw data (Canon CRW)", raw_advice}},
    {0, "IIRO"sv, {"a camera's raw data (Olympus ORF)", raw_advice}},
    {0, "IIRS"sv, {"a camera's raw data (Olympus ORF)", raw_advice}},
    {0, "MMOR"sv, {"a camera's raw data (Olympus ORF)", raw_advice}},
    {0, "IIU\x00"sv, {"a camera's raw data (Panasonic RW2)", raw_advice}},
    {0, "FUJIFILMCCD-RAW"sv, {"a camera's raw data (Fujifilm RAF)", raw_advice}},
    {0, "\x00MRM"sv, {"a camera's raw data (Minolta MRW)", raw_advice}},
    {0, "FOVb"sv, {"a camera's raw data (Sigma X3F)", raw_advice}},
    {0, "IIII"sv, {"a camera's raw data (Phase One IIQ)", raw_advice}},
    {0, "MMMMRaw"sv, {"a camera's raw data (Phase One IIQ)", raw_advice}},
    // documents
    {0, "%PDF-"sv, {"a PDF document", pages_advice}},
    {0, "%!PS"sv, {"a PostScript document", "Convert it to PNG, for example with Ghostscript"}},
    {0,
     "\xc5\xd0\xd3\xc6"sv,
     {"a PostScript document", "Convert it to PNG, for example with Ghostscript"}},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, {"an Office document", "Export its picture"}},
    {0, "{\\rtf"sv, {"a text document (RTF)", "Export its picture"}},
    // archives
    {0, "PK\x03\x04"sv, {"a ZIP archive or a document packed as one", archive_advice}},
    {0, "\x1f\x8b"sv, {"packed by gzip", archive_advice}},
    {0,
     "\xfd"
     "7zXZ\x00"sv,
     {"packed by xz", archive_advice}},
    {0, "\x28\xb5\x2f\xfd"sv, {"packed by zstd", archive_advice}},
    {0, "BZh"sv, {"packed by bzip2", archive_advice}},
    {0, "7z\xbc\xaf\x27\x1c"sv, {"a 7z archive", archive_advice}},
    {0, "Rar!\x1a\x07"sv, {"a RAR archive", archive_advice}},
    {257, "ustar"sv, {"a tar archive", archive_advice}},
    // videos and sound
    {0, "\x1a\x45\xdf\xa3"sv, {"a video (Matroska or WebM)", video_advice}},
    {8, "AVI "sv, {"a video (AVI)", video_advice}},
    {0, "\x00\x00\x01\xba"sv, {"a video (MPEG)", video_advice}},
    {0, "\x00\x00\x01\xb3"sv, {"a video (MPEG)", video_advice}},
    {0, "FLV\x01"sv, {"a video (Flash)", video_advice}},
    {0, "OggS"sv, {"a video or sound (Ogg)", video_advice}},
    {8, "WAVE"sv, {"a sound (WAV)", "Name a picture"}},
    {0, "ID3"sv, {"a sound (MP3)", "Name a picture"}},
    {0, "fLaC"sv, {"a sound (FLAC)", "Name a picture"}},
    // data
    {0, "MATLAB 5.0 MAT-file"sv, {"a MATLAB file", "Name weights with --weights"}},
    {0, "MATLAB 7.3 MAT-file"sv, {"a MATLAB file", "Name weights with --weights"}},
    {0, "\x89HDF\r\n\x1a\n"sv, {"an HDF5 file", "Name a picture"}},
    {0, "\x93NUMPY"sv, {"an array of NumPy", "Save it as PNG, for example with Pillow"}},
    {0,
     "\x00\x05\x16\x07"sv,
     {"what macOS keeps beside a file (AppleDouble)", "Name the picture itself, without ._"}},
    {0,
     "version https://git-lfs"sv,
     {"a placeholder of Git LFS", "Fetch the picture with git lfs pull"}},
    {0, "data:image/"sv, {"a picture as text (Base64)", "Decode it, for example with base64 -d"}},
    {0, "/9j/"sv, {"a JPEG as text (Base64)", "Decode it, for example with base64 -d"}},
    {0, "iVBORw0KGgo"sv, {"a PNG as text (Base64)", "Decode it, for example with base64 -d"}},
};

constexpr Kind damaged_png = {"a PNG whose line ends were changed by a transfer as text",
                              "Copy it again, in binary mode"};
constexpr Kind apples_png = {"a PNG in Apple's own form for iPhones (CgBI)",
                             "Convert it to PNG, for example with sips on a Mac"};

/// Whether `bytes` stand at `offset` of the text.
bool has(std::string_view text, std::size_t offset, std::string_view bytes) {
    return text.size() >= offset + bytes.size() && text.substr(offset, bytes.size()) == bytes;
}

/// Files of the ISO base media format, which begin with a list of four-letter brands.
Kind media_kind(std::string_view head) {
    struct Brand {
        std::string_view name;
        Kind kind;
    };
    static constexpr Brand brands[] = {
        {"avif", {"an AVIF picture", "Convert it to PNG, for example with avifdec"}},
        {"avis", {"an AVIF picture", "Convert it to PNG, for example with avifdec"}},
        {"hei", {"a HEIC picture", heic_advice}},
        {"hev", {"a HEIC picture", heic_advice}},
        {"mif1", {"a HEIF picture", heic_advice}},
        {"msf1", {"a HEIF picture", heic_advice}},
        {"crx ", {"a camera's raw data (Canon CR3)", raw_advice}},
        {"jp2 ", {"a JPEG 2000 picture", in_general}},
        {"jxl ", {"a JPEG XL picture", in_general}},
    };
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head[at]); };
    const std::size_t size = std::size_t{byte(2)} << 8 | byte(3);
    const std::string_view list = head.substr(0, std::min(size, head.size()));
    for (const Brand& brand : brands) {
        if (has(list, 8, brand.name)) return brand.kind;
    }
    for (const Brand& brand : brands) {  // the compatible ones after the major one and its version
        for (std::size_t at = 16; at + 4 <= list.size(); at += 4) {
            if (has(list, at, brand.name)) return brand.kind;
        }
    }
    return {"a video (MP4 or QuickTime)", video_advice};
}

/// The text without a byte order mark and white space at its beginning, in lower case.
std::string without_margin(std::string_view head) {
    if (has(head, 0, "\xef\xbb\xbf")) head.remove_prefix(3);
    const std::size_t begin = head.find_first_not_of(" \t\r\n\f");
    std::string text(head.substr(std::min(begin, head.size())));
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

/// Text in angle brackets: a web page, a vector drawing, or other XML.
std::optional<Kind> markup_kind(std::string_view head) {
    const std::string text = without_margin(head);
    const auto begins_with = [&](std::string_view word) { return has(text, 0, word); };
    if (begins_with("<svg") || (begins_with("<") && text.find("<svg") != std::string::npos)) {
        return Kind{"an SVG drawing", vector_advice};
    }
    for (const std::string_view word :
         {"<!doctype html", "<html", "<head", "<body", "<script", "<title", "<meta", "<h1"}) {
        if (begins_with(word)) {
            return Kind{"a web page (HTML)",
                        "Save the picture itself; did a download bring an error page?"};
        }
    }
    if (begins_with("<!--") && text.find("<html") != std::string::npos) {
        return Kind{"a web page (HTML)", "Save the picture itself"};
    }
    if (begins_with("<?xml") || begins_with("<!doctype")) {
        return Kind{"an XML document", "Name a picture; did a download bring an error message?"};
    }
    return std::nullopt;
}

/// "BM" alone could begin any text; the second header of a BMP has one of few sizes.
bool is_bmp(std::string_view head) {
    if (!has(head, 0, "BM") || head.size() < 18) return false;
    const auto size = static_cast<unsigned char>(head[14]);
    const bool is_usual = size == 12 || size == 16 || size == 40 || size == 52 || size == 56 ||
                          size == 64 || size == 108 || size == 124;
    return is_usual && has(head, 15, "\0\0\0"sv);
}

/// "P6" and a line end or a space, and the like.
bool is_netpbm(std::string_view head) {
    const auto is_in = [&](std::size_t at, std::string_view set) {
        return at < head.size() && set.find(head[at]) != std::string_view::npos;
    };
    return is_in(0, "P") && is_in(1, "1234567Ff") && is_in(2, " \t\r\n#");
}

/// UTF-8 without control characters. The last character may be cut off by the end of the head.
bool is_text(std::string_view head) {
    constexpr std::ptrdiff_t longest = 4;
    const auto rest = head.end() - utf8::find_invalid(head.begin(), head.end());
    const bool is_utf8 = head.size() < signature_bytes ? rest == 0 : rest < longest;
    return is_utf8 && std::all_of(head.begin(), head.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return (byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\r' || c == '\t';
           });
}

std::optional<Kind> kind_of(std::string_view head) {
    if (has(head, 12, "CgBI") && has(head, 0, "\x89PNG")) return apples_png;
    if (has(head, 0, "\x89PNG") || has(head, 0, "\x09PNG") || has(head, 0, "\xef\xbf\xbdPNG") ||
        has(head, 0, "\xc2\x89PNG")) {
        return damaged_png;
    }
    if (has(head, 4, "ftyp")) return media_kind(head);
    if (is_bmp(head)) return Kind{"a BMP picture", in_general};
    if (is_netpbm(head)) return Kind{"a Netpbm picture", "Convert it, for example with pnmtopng"};
    for (const Signature& signature : signatures) {
        if (has(head, signature.offset, signature.bytes)) return signature.kind;
    }
    if (const auto kind = markup_kind(head)) return kind;
    if (head.find_first_not_of('\0') == std::string_view::npos) {
        return Kind{"filled with zeros at its beginning",
                    "Copy it again; was a download interrupted?"};
    }
    if (is_text(head)) return Kind{"text", "Name a picture"};
    return std::nullopt;
}

/// Printable ASCII as it is, every other byte as \xNN.
std::string escaped(std::string_view bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
            text += c;
        } else {
            text += std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
        }
    }
    return text;
}

std::string_view view_of(const unsigned char* head, std::size_t count) {
    return {reinterpret_cast<const char*>(head), count};
}

}  // namespace

std::optional<ImageFormat> readable_format(const unsigned char* head, std::size_t count) {
    const std::string_view text = view_of(head, count);
    if (has(text, 0, "\x89PNG\r\n\x1a\n") && !has(text, 12, "CgBI")) return ImageFormat::png;
    if (has(text, 0, "\xff\xd8\xff")) return ImageFormat::jpeg;
    if (has(text, 0, "RIFF") && has(text, 8, "WEBP")) return ImageFormat::webp;
    const bool is_tiff = has(text, 0, "II*\0"sv) || has(text, 0, "MM\0*"sv) ||
                         has(text, 0, "II+\0"sv) || has(text, 0, "MM\0+"sv);
    if (is_tiff && !has(text, 8, "CR\x02")) return ImageFormat::tiff;
    return std::nullopt;
}

std::string describe_unreadable(const unsigned char* head, std::size_t count) {
    const std::string_view text = view_of(head, count);
    const std::string expected = std::string("expected ") + readable_formats;
    if (const auto kind = kind_of(text)) {
        return std::string("is ") + kind->name + "; " + expected + ". " + kind->advice;
    }
    return "is no picture that is known here; " + expected + ". It begins with \"" +
           escaped(text.substr(0, 8)) + "\"";
}

std::string describe_raw(const std::string& kind) {
    return "is " + kind + "; expected " + readable_formats + ". " + raw_advice;
}

}  // namespace NST_PRECISION
}  // namespace nst
