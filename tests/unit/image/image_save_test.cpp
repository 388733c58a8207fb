// Saving: the contents of the file, and what remains when it cannot be written.
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmath>
#include <csignal>
#include <limits>

#include "image_samples.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/unprivileged.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

// The root mean square change of a smooth image at quality 95: measured 1.6.
constexpr double jpeg_error = 2;

double mean_difference(const nst::Image& a, const nst::Image& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double difference = double{a.data()[k]} - double{b.data()[k]};
        sum += difference * difference;
    }
    return std::sqrt(sum / static_cast<double>(a.size()));
}

nst::Image smooth_image(std::size_t height, std::size_t width) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    const Bytes pixels = smooth_rgb(width, height);
    std::copy(pixels.begin(), pixels.end(), image.data());
    return image;
}

nst::Image one_pixel(double red, double green, double blue) {
    nst::Image image = nst::Image::from_shape({1, 1, 3});
    image(0, 0, 0) = static_cast<nst::Real>(red);
    image(0, 0, 1) = static_cast<nst::Real>(green);
    image(0, 0, 2) = static_cast<nst::Real>(blue);
    return image;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

std::string save_message(const fs::path& file, const nst::Image& image = one_pixel(1, 2, 3)) {
    return message_of([&] { nst::save_image(file, image); });
}

// During its lifetime, no file may exceed this many bytes: simulates a full disk.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &old_limit_);
        const rlimit limit{bytes, old_limit_.rlim_max};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("no limit");
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &old_limit_);
        std::signal(SIGXFSZ, old_handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    void (*old_handler_)(int);
    rlimit old_limit_{};
};

}  // namespace

TEST_CASE("save_image: a PNG reproduces the image exactly") {
    const TemporaryFolder folder;
    for (const auto& [height, width] : {std::pair{1u, 1u}, {1u, 300u}, {300u, 1u}, {23u, 31u}}) {
        const nst::Image image = smooth_image(height, width);
        nst::save_image(folder / "a.png", image);
        CHECK(largest_difference(nst::load_image(folder / "a.png"), image) == 0);
    }
}

TEST_CASE("save_image: a PNG is 8-bit RGB, even for a grey image") {
    const TemporaryFolder folder;
    nst::save_image(folder / "a.png", one_pixel(7, 7, 7));
    const Bytes png = read_bytes(folder / "a.png");
    lodepng::State state;
    unsigned width = 0;
    unsigned height = 0;
    REQUIRE(lodepng_inspect(&width, &height, &state, png.data(), png.size()) == 0);
    CHECK(state.info_png.color.colortype == LCT_RGB);
    CHECK(state.info_png.color.bitdepth == 8);
}

TEST_CASE("save_image: a JPEG is close to the original") {
    const TemporaryFolder folder;
    for (const char* name : {"a.jpg", "a.jpeg"}) {
        const nst::Image image = smooth_image(45, 61);
        nst::save_image(folder / name, image);
        CHECK(mean_difference(nst::load_image(folder / name), image) <= jpeg_error);
    }
}

TEST_CASE("save_image: a JPEG has quality 95 and no chroma subsampling") {
    const TemporaryFolder folder;
    nst::save_image(folder / "a.jpg", smooth_image(20, 20));
    const Bytes bytes = read_bytes(folder / "a.jpg");
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_read_header(&jpeg, TRUE);
    CHECK(jpeg.jpeg_color_space == JCS_YCbCr);
    for (int c = 0; c < 3; ++c) {
        CHECK(jpeg.comp_info[c].h_samp_factor == 1);
        CHECK(jpeg.comp_info[c].v_samp_factor == 1);
    }
    // The standard's tables begin with 16 and 17; quality 95 divides them by ten and rounds.
    CHECK(jpeg.quant_tbl_ptrs[0]->quantval[0] == 2);
    CHECK(jpeg.quant_tbl_ptrs[1]->quantval[0] == 2);
    jpeg_destroy_decompress(&jpeg);
}

TEST_CASE("save_image: rounds values, halves up, and clamps them") {
    const TemporaryFolder folder;
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<std::pair<double, nst::Real>> cases = {
        {0.49, 0}, {0.5, 1},        {1.5, 2},       {2.5, 3},      {99.4999, 99}, {-0.0, 0},
        {-0.6, 0}, {-1e9, 0},       {254.5, 255},   {255.4, 255},  {255.6, 255},  {1e9, 255},
        {0, 0},    {infinity, 255}, {-infinity, 0}, {127.501, 128}};
    for (const auto& [value, stored] : cases) {
        nst::save_image(folder / "a.png", one_pixel(value, 10, 20));
        const nst::Image image = nst::load_image(folder / "a.png");
        INFO(value);
        CHECK(image(0, 0, 0) == stored);
        CHECK(image(0, 0, 1) == 10);
        CHECK(image(0, 0, 2) == 20);
    }
}

TEST_CASE("save_image: rounds the largest number below one half down") {
    const TemporaryFolder folder;
    const nst::Real half = 0.5;
    nst::save_image(folder / "a.png", one_pixel(std::nextafter(half, nst::Real{0}), 0, 0));
    CHECK(nst::load_image(folder / "a.png")(0, 0, 0) == 0);
}

TEST_CASE("save_image: the extension decides the format, in upper or lower case") {
    const TemporaryFolder folder;
    for (const char* name : {"a.png", "a.PNG", "a.b.Png"}) {
        nst::save_image(folder / name, one_pixel(1, 2, 3));
        CHECK(read_bytes(folder / name)[1] == 'P');
    }
    for (const char* name : {"a.jpg", "a.jpeg", "a.JPG", "a.Jpeg"}) {
        nst::save_image(folder / name, one_pixel(1, 2, 3));
        CHECK(read_bytes(folder / name)[1] == 0xd8);
    }
    for (const char* name : {"a.gif", "a", "png", ".png", "a.png.txt", "a.png "}) {
        const std::string file = (folder / name).string();
        const std::string line =
            "save_image: expected a name that ends in .png, .jpg or .jpeg, got " + file;
        CHECK(save_message(file) == line);
        CHECK(message_of([&] { nst::check_output_file(file); }) == line);
    }
}

TEST_CASE("save_image: rejects an image of the wrong shape or with NaN") {
    const TemporaryFolder folder;
    const fs::path file = folder / "a.png";
    write_bytes(file, {1, 2, 3});
    CHECK(save_message(file, nst::Image::from_shape({2, 4, 1})) ==
          "save_image: image must be (H, W, 3) with H, W > 0, got 2x4x1");
    CHECK(save_message(file, nst::Image::from_shape({2, 0, 3})) ==
          "save_image: image must be (H, W, 3) with H, W > 0, got 2x0x3");
    nst::Image hole = smooth_image(4, 5);
    hole(2, 3, 1) = std::numeric_limits<nst::Real>::quiet_NaN();
    CHECK(save_message(file, hole) == "save_image: image(2, 3, 1) is not a number");
    CHECK(read_bytes(file) == Bytes{1, 2, 3});
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.png"});
}

TEST_CASE("save_image: rejects a side too long for JPEG, which PNG accepts") {
    const TemporaryFolder folder;
    const nst::Image strip = smooth_image(1, 65501);
    CHECK(save_message(folder / "a.jpg", strip) == "save_image: " + (folder / "a.jpg").string() +
                                                       " cannot hold 65501x1 pixels; a side of a "
                                                       "JPEG is at most 65500. Save it as .png");
    CHECK(names_in(folder.path()).empty());
    nst::save_image(folder / "a.png", strip);
    CHECK(nst::image_size(folder / "a.png").width == 65501);
}

TEST_CASE("save_image: replaces an old file and leaves no other file behind") {
    const TemporaryFolder folder;
    write_bytes(folder / "a.png", Bytes(100000));
    nst::save_image(folder / "a.png", one_pixel(1, 2, 3));
    CHECK(nst::load_image(folder / "a.png")(0, 0, 2) == 3);
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.png"});
}

TEST_CASE("save_image: the file gets the permissions of any new file") {
    const TemporaryFolder folder;
    for (const mode_t mask : {022U, 077U, 002U}) {
        const fs::path file = folder / (std::to_string(mask) + ".png");
        const mode_t old = umask(mask);
        nst::save_image(file, one_pixel(1, 2, 3));
        umask(old);
        struct stat status {};
        REQUIRE(stat(file.c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == (0666 & ~mask));
    }
}

TEST_CASE("save_image: writes to the target of a symbolic link") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "sub");
    write_bytes(folder / "sub" / "real.png", {1});
    fs::create_symlink("sub/real.png", folder / "relative.png");
    fs::create_symlink(folder / "relative.png", folder / "absolute.png");
    fs::create_symlink("sub/new.png", folder / "dangling.png");
    for (const char* link : {"relative.png", "absolute.png", "dangling.png"}) {
        nst::check_output_file(folder / link);
        nst::save_image(folder / link, one_pixel(1, 2, 3));
        CHECK(fs::is_symlink(folder / link));
        CHECK(nst::load_image(folder / link)(0, 0, 0) == 1);
    }
    CHECK(fs::is_regular_file(fs::symlink_status(folder / "sub" / "real.png")));
    CHECK(names_in(folder / "sub").size() == 2);
    fs::create_symlink("loop.png", folder / "loop.png");
    CHECK(save_message(folder / "loop.png") == "save_image: cannot write " +
                                                   (folder / "loop.png").string() +
                                                   ": Too many levels of symbolic links");
}

TEST_CASE("save_image: accepts a name of the maximum length") {
    const TemporaryFolder folder;
    const std::string name = std::string(251, 'n') + ".png";
    nst::save_image(folder / name, one_pixel(1, 2, 3));
    CHECK(names_in(folder.path()) == std::vector<std::string>{name});
    CHECK(save_message(folder / ("n" + name)) ==
          "save_image: cannot write " + (folder / ("n" + name)).string() + ": File name too long");
    CHECK(names_in(folder.path()).size() == 1);
}

TEST_CASE("save_image, check_output_file: reject an unwritable path") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "folder.png");
    write_bytes(folder / "file", {});
    REQUIRE(mkfifo((folder / "pipe.png").c_str(), 0600) == 0);
    const std::vector<std::pair<fs::path, std::string>> cases = {
        {folder / "folder.png", "it is a folder"},
        {folder / "pipe.png", "it is not a regular file"},
        {folder / "missing" / "a.png", "No such file or directory"},
        {folder / "file" / "a.png", "Not a directory"}};
    for (const auto& [file, reason] : cases) {
        const std::string line = "save_image: cannot write " + file.string() + ": " + reason;
        CHECK(save_message(file) == line);
        CHECK(message_of([&place = file] { nst::check_output_file(place); }) == line);
    }
    CHECK(names_in(folder.path()).size() == 3);
}

TEST_CASE("save_image, check_output_file: reject a folder without write permission") {
    const TemporaryFolder folder;
    const fs::path file = folder / "a.png";
    write_bytes(file, {1, 2, 3});
    fs::permissions(folder.path(), fs::perms(0555));
    {
        const Unprivileged user;
        const std::string line =
            "save_image: cannot write " + file.string() + ": Permission denied";
        CHECK(save_message(file) == line);
        CHECK(message_of([&] { nst::check_output_file(file); }) == line);
    }
    fs::permissions(folder.path(), fs::perms(0755));
    CHECK(read_bytes(file) == Bytes{1, 2, 3});
    CHECK(names_in(folder.path()).size() == 1);
}

TEST_CASE("save_image: a full disk keeps the old file intact and leaves no other file") {
    const TemporaryFolder folder;
    for (const char* name : {"a.png", "a.jpg"}) {
        const fs::path file = folder / name;
        write_bytes(file, {1, 2, 3});
        std::string line;
        {
            const FileSizeLimit limit(500);
            line = save_message(file, smooth_image(200, 200));
        }
        CHECK(line == "save_image: cannot write " + file.string() + ": File too large");
        CHECK(read_bytes(file) == Bytes{1, 2, 3});
    }
    CHECK(names_in(folder.path()).size() == 2);
}

TEST_CASE("check_output_file: leaves a writable path unchanged") {
    const TemporaryFolder folder;
    write_bytes(folder / "a.png", {1, 2, 3});
    nst::check_output_file(folder / "a.png");
    nst::check_output_file(folder / "b.jpg");
    CHECK(read_bytes(folder / "a.png") == Bytes{1, 2, 3});
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.png"});
}

TEST_CASE("save_image: a name without a folder means the current folder") {
    const TemporaryFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    nst::check_output_file("a.png");
    nst::save_image("a.png", one_pixel(4, 5, 6));
    const double red = nst::load_image("a.png")(0, 0, 0);
    fs::current_path(before);
    CHECK(red == 4);
}
