// Problems with an image file before decoding, and conditions that are not problems.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "image_samples.hpp"
#include "nst/image_reader.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/unprivileged.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

// Both reading functions must reject a file with the same message.
std::string message(const fs::path& file) {
    const std::string load = message_of([&] { nst::load_image(file); });
    const std::string size = message_of([&] { nst::image_size(file); });
    const std::string name = "load_image";
    REQUIRE(load.compare(0, name.size(), name) == 0);
    CHECK("image_size" + load.substr(name.size()) == size);
    return load.substr(name.size());
}

// The output of a call on standard output and standard error.
std::string printed(const std::function<void()>& call) {
    const TemporaryFolder folder;
    const fs::path file = folder / "printed";
    const int to = open(file.c_str(), O_WRONLY | O_CREAT, 0600);
    const int out = dup(STDOUT_FILENO);
    const int err = dup(STDERR_FILENO);
    std::fflush(nullptr);
    dup2(to, STDOUT_FILENO);
    dup2(to, STDERR_FILENO);
    call();
    std::fflush(nullptr);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    for (const int descriptor : {to, out, err}) close(descriptor);
    const Bytes bytes = read_bytes(file);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("load_image, image_size: the bytes decide the format, not the name") {
    const TemporaryFolder folder;
    JpegSpec spec;
    spec.width = 3;
    spec.height = 2;
    const Bytes jpeg = make_jpeg(spec, smooth_rgb(3, 2));
    const Bytes png = make_png({LCT_GREY, 8, 4, 5}, noise(20, 256));
    for (const char* name : {"a.png", "a.jpg", "a.gif", "a"}) {
        write_bytes(folder / name, jpeg);
        CHECK(nst::load_image(folder / name).shape()[1] == 3);
        CHECK(nst::image_size(folder / name).height == 2);
        write_bytes(folder / name, png);
        CHECK(nst::load_image(folder / name).shape()[1] == 4);
        CHECK(nst::image_size(folder / name).height == 5);
    }
}

TEST_CASE("load_image, image_size: reject a file that is missing, empty or of a different type") {
    const TemporaryFolder folder;
    const fs::path missing = folder / "missing.png";
    CHECK(message(missing) == ": cannot open " + missing.string() + ": No such file or directory");
    CHECK(message(missing / "below.png") ==
          ": cannot open " + (missing / "below.png").string() + ": No such file or directory");
    CHECK(message(folder.path()) ==
          ": " + folder.path().string() + " is a folder; expected a PNG, JPEG, WebP or TIFF file");
    CHECK(message("/dev/null") ==
          ": /dev/null is not a regular file; expected a PNG, JPEG, WebP or TIFF file");

    const fs::path file = folder / "file.png";
    write_bytes(file, {});
    CHECK(message(file) ==
          ": " + file.string() + " is empty; expected a PNG, JPEG, WebP or TIFF file");
    write_bytes(file, {0xff, 0xd8});
    CHECK(message(file) == ": " + file.string() +
                               " is no picture that is known here; expected PNG, JPEG, WebP or "
                               "TIFF. It begins with \"\\xff\\xd8\"");
    write_bytes(file, {'a', 0x1b, '"', '\\', 0x80, 0, '~', 0x7f, 'z'});
    CHECK(contains(message(file), "It begins with \"a\\x1b\\x22\\x5c\\x80\\x00~\\x7f\""));
}

TEST_CASE("load_image, image_size: name the formats that are not read, and say what to do") {
    using namespace std::string_literals;
    const TemporaryFolder folder;
    const fs::path file = folder / "file.jpg";
    const auto box = [](const std::string& brands) {
        return "\0\0\0"s + static_cast<char>(8 + brands.size()) + "ftyp" + brands;
    };
    const std::vector<std::pair<std::string, std::string>> kinds = {
        {box("heic\0\0\0\0mif1heic"s), "a HEIC picture"},
        {box("mif1\0\0\0\0mif1heic"s), "a HEIF picture"},
        {box("avif\0\0\0\0mif1miaf"s), "an AVIF picture"},
        {box("isom\0\0\2\0isomavif"s), "an AVIF picture"},
        {box("isom\0\0\2\0isomiso2"s), "a video (MP4 or QuickTime)"},
        {box("crx \0\0\0\1crx isom"s), "a camera's raw data (Canon CR3)"},
        {"GIF89a\1\0\1\0"s, "a GIF picture"},
        {"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"s, "a BMP picture"},
        {"\xff\x0a\xfa"s, "a JPEG XL picture"},
        {"\0\0\0\x0cJXL \r\n\x87\n"s, "a JPEG XL picture"},
        {"\0\0\0\x0cjP  \r\n\x87\n"s, "a JPEG 2000 picture"},
        {"\xff\x4f\xff\x51"s, "a JPEG 2000 picture"},
        {"\x89PNG\r\n\x1a\n\0\0\0\4CgBI"s, "a PNG in Apple's own form for iPhones (CgBI)"},
        {"\x89PNG\n\x1a\n"s, "a PNG whose line ends were changed by a transfer as text"},
        {"%PDF-1.7\n"s, "a PDF document"},
        {"<?xml version=\"1.0\"?>\n<svg width=\"9\">"s, "an SVG drawing"},
        {"\n <SVG>"s, "an SVG drawing"},
        {"\xef\xbb\xbf <!DOCTYPE html>"s, "a web page (HTML)"},
        {"<?xml version=\"1.0\"?>\n<Error>"s, "an XML document"},
        {"II*\0\x10\0\0\0CR\2\0"s, "a camera's raw data (Canon CR2)"},
        {"FUJIFILMCCD-RAW 0201"s, "a camera's raw data (Fujifilm RAF)"},
        {"IIRO\x08\0\0\0"s, "a camera's raw data (Olympus ORF)"},
        {"IIU\0\x18\0\0\0"s, "a camera's raw data (Panasonic RW2)"},
        {"P6\n2 2\n255\n"s, "a Netpbm picture"},
        {"8BPS\0\1"s, "a Photoshop document"},
        {"PK\3\4"s, "a ZIP archive or a document packed as one"},
        {"RIFF\x10\0\0\0WAVEfmt "s, "a sound (WAV)"},
        {"MATLAB 5.0 MAT-file, "s, "a MATLAB file"},
        {"\0\5\x16\7\0\2\0\0"s, "what macOS keeps beside a file (AppleDouble)"},
        {std::string(600, '\0'), "filled with zeros at its beginning"},
        {"not found\n"s, "text"},
    };
    for (const auto& [bytes, name] : kinds) {
        write_bytes(file, Bytes(bytes.begin(), bytes.end()));
        INFO(name);
        const std::string text = message(file);
        const std::string begin =
            ": " + file.string() + " is " + name + "; expected PNG, JPEG, WebP or TIFF. ";
        CHECK(text.substr(0, begin.size()) == begin);
        CHECK(text.size() > begin.size() + 10);
    }
}

TEST_CASE("load_image, image_size: any first bytes give one line of printable ASCII") {
    const TemporaryFolder folder;
    const fs::path file = folder / "file";
    for (unsigned seed = 1; seed <= 300; ++seed) {
        Bytes bytes;
        for (const unsigned byte : noise(seed, 256, seed)) {
            bytes.push_back(static_cast<unsigned char>(byte));
        }
        write_bytes(file, bytes);
        const std::string text = message(file);
        CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
    }
}

TEST_CASE("load_image, image_size, ImageReader: a pipe is read once and to its end") {
    const Bytes png = make_png({LCT_RGB, 8, 300, 200}, noise(300 * 200 * 3, 256));
    CHECK(png.size() > 1 << 17);  // more than a pipe holds
    const TemporaryFolder folder;
    write_bytes(folder / "image", png);
    const nst::Image whole = nst::load_image(folder / "image");
    const fs::path pipe = folder / "pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    const auto with_writer = [&](const Bytes& bytes, const std::function<void()>& call) {
        std::thread writer([&] { write_bytes(pipe, bytes); });
        call();
        writer.join();
    };
    with_writer(png, [&] { CHECK((nst::load_image(pipe) == whole)); });
    with_writer(png, [&] { CHECK(nst::image_size(pipe).width == 300); });
    with_writer(png, [&] {
        nst::ImageReader reader(pipe);
        CHECK(reader.size().height == 200);
        CHECK(reader.size().width == 300);
        CHECK((reader.read().image == whole));
        CHECK((reader.read().image == whole));
    });
    JpegSpec spec;  // a decoder that reads by itself
    spec.width = spec.height = 64;
    const Bytes jpeg = make_jpeg(spec, smooth_rgb(64, 64));
    with_writer(jpeg, [&] {
        nst::ImageReader reader(pipe);
        CHECK(reader.size().height == 64);
        CHECK((reader.read().image == load_bytes(jpeg)));
    });
    const Bytes cut(png.begin(), png.begin() + 150'000);
    with_writer(cut, [&] {
        const std::string text = message_of([&] { nst::load_image(pipe); });
        INFO(text);
        CHECK(contains(text, "ends too early, after 150000 bytes"));
    });
}

TEST_CASE("load_image: standard input by any of its names, from where it stands") {
    const TemporaryFolder folder;
    const Bytes png = make_png({LCT_RGB, 8, 3, 1}, noise(9, 256));
    Bytes with_margin(10 + png.size(), 'x');
    std::copy(png.begin(), png.end(), with_margin.begin() + 10);
    write_bytes(folder / "image", with_margin);
    const int old_input = dup(STDIN_FILENO);
    for (const char* name : {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"}) {
        const int input = open((folder / "image").c_str(), O_RDONLY);
        REQUIRE(lseek(input, 10, SEEK_SET) == 10);
        dup2(input, STDIN_FILENO);
        close(input);
        CHECK((nst::load_image(name) == load_bytes(png)));
        CHECK(message_of([&] { nst::load_image(name); }) ==
              "load_image: standard input is empty; expected a PNG, JPEG, WebP or TIFF file");
    }
    dup2(old_input, STDIN_FILENO);
    close(old_input);
}

TEST_CASE("load_image, image_size: a named pipe without a writer does not block") {
    const TemporaryFolder folder;
    const fs::path pipe = folder / "pipe.png";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(message(pipe) ==
          ": " + pipe.string() + " is empty; expected a PNG, JPEG, WebP or TIFF file");
}

TEST_CASE("load_image, image_size: reject a file without read permission") {
    const TemporaryFolder folder;
    const fs::path file = folder / "secret.png";
    write_bytes(file, make_png({}, {1, 2, 3}));
    fs::permissions(folder.path(), fs::perms::all);
    fs::permissions(file, fs::perms::none);
    const Unprivileged user;
    CHECK(message(file) == ": cannot open " + file.string() + ": Permission denied");
}

TEST_CASE("load_image: follows a symbolic link") {
    const TemporaryFolder folder;
    write_bytes(folder / "image", make_png({}, {1, 2, 3}));
    fs::create_symlink("image", folder / "link");
    CHECK(nst::load_image(folder / "link")(0, 0, 2) == 3);
}

TEST_CASE("load_image, save_image: print nothing, whatever the error") {
    JpegSpec spec;
    spec.width = spec.height = 40;
    spec.exif = exif_block(6);
    spec.exif.resize(20);
    const Bytes jpeg = make_jpeg(spec, smooth_rgb(40, 40));
    Bytes cut = jpeg;
    cut.resize(cut.size() / 2);
    Bytes odd = jpeg;  // stray bytes before the end: libjpeg would print a warning
    odd.insert(odd.end() - 2, 20, 'x');
    const std::string text = printed([&] {
        load_message(cut);
        CHECK(load_bytes(odd).size() == load_bytes(jpeg).size());
        load_message(png_header(3, 3));
        message_of([] { nst::save_image("/nowhere/a.png", nst::Image::from_shape({1, 1, 3})); });
    });
    CHECK(text.empty());
}
