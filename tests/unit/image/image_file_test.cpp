// Problems with an image file before decoding, and conditions that are not problems.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_samples.hpp"
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
          ": " + folder.path().string() + " is a folder; expected a PNG or JPEG file");
    CHECK(message("/dev/null") == ": /dev/null is not a regular file; expected a PNG or JPEG file");

    const fs::path file = folder / "file.png";
    write_bytes(file, {});
    CHECK(message(file) == ": " + file.string() + " is empty; expected a PNG or JPEG file");
    write_bytes(file, {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0});
    CHECK(message(file) ==
          ": " + file.string() + " is neither PNG nor JPEG; it begins with \"GIF89a??\"");
    write_bytes(file, {0x89, 'P', 'N', 'G', '\n', 0x1a, '\n'});  // damaged by a text-mode transfer
    CHECK(contains(message(file), " is neither PNG nor JPEG; it begins with \""));
    write_bytes(file, {0xff, 0xd8});
    CHECK(contains(message(file), " is neither PNG nor JPEG; it begins with \""));
}

TEST_CASE("load_image, image_size: a named pipe without a writer does not block") {
    const TemporaryFolder folder;
    const fs::path pipe = folder / "pipe.png";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(message(pipe) ==
          ": " + pipe.string() + " is not a regular file; expected a PNG or JPEG file");
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
