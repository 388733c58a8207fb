// `nst weights distil` as a user runs it.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/fixture.hpp"
#include "nst/md5.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

// A teacher, seven pictures in two folders, one too small, one damaged, one that is no picture.
struct DistilWorkplace {
    Workplace work;
    fs::path pictures = work.folder / "pictures";
    std::string out = (work.folder / "student.mat").string();
    fs::path log = work.folder / "student.log";

    DistilWorkplace() {
        fs::create_directories(pictures / "more");
        for (int k = 0; k < 7; ++k) {
            const fs::path folder = k % 2 == 0 ? pictures : pictures / "more";
            nst::save_image(folder / ("picture" + std::to_string(k) + ".PNG"),
                            waves(170, 180 + static_cast<std::size_t>(k), 0.5 + k));
        }
        nst::save_image(pictures / "small.png", waves(100, 300, 1));
        std::ofstream(pictures / "broken.jpg") << "no picture";
        std::ofstream(pictures / "notes.txt") << "no picture either";
        fs::create_symlink("picture0.PNG", pictures / "again.png");
    }

    CommandResult distil(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words = {NST_COMMAND,  "weights",    "distil",
                                          work.weights, out,          "--crops",
                                          "9",          "--pictures", pictures.string()};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    // The message of a run that is refused: one line, and nothing written.
    std::string refused(const std::vector<std::string>& words) const {
        const CommandResult result = run(words);
        CHECK(result.exit_code == 2);
        CHECK(lines(result.err) == 1);
        CHECK_FALSE(fs::exists(out));
        CHECK_FALSE(fs::exists(log));
        return result.err;
    }
};

}  // namespace

TEST_CASE("nst weights distil: writes a smaller network and its log") {
    const DistilWorkplace place;
    const CommandResult result = place.distil({"--channels", "4,4,4,4,5"});
    INFO(result.out + result.err);
    REQUIRE(result.exit_code == 0);
    const nst::Network student = nst::load_vgg19(place.out);
    CHECK(student.description == "VGG-19 distilled from thin.mat by nst, 4,4,4,4,5 channels");
    CHECK(student.layers.back().name == "relu5_1");
    CHECK(student.layers[student.index_of("conv4_2")].bias.size() == 4);
    CHECK(student.layers[student.index_of("conv5_1")].bias.size() == 5);
    CHECK(result.err.find("Skipped: ") != std::string::npos);
    CHECK(lines(result.err) == 2);
    CHECK(result.err.find("small.png is smaller than 160 pixels") != std::string::npos);
    CHECK(result.err.find("broken.jpg") != std::string::npos);

    const std::string log = bytes_of(place.log);
    CHECK(log.find("Teacher: thin.mat, md5 " + nst::md5_of_file(place.work.weights)) == 0);
    CHECK(log.find(", md5 " + nst::md5_of_file(place.out)) != std::string::npos);
    CHECK(log.find("conv5_1         5 of 6 ") != std::string::npos);
    // again.png, broken.jpg, more/1, more/3, more/5, picture0 as again.png, 2, 4, 6, small.png:
    // the sixth is held out.
    for (const char* name : {"again.png", "more/picture1.PNG", "picture6.PNG"}) {
        CHECK(log.find("fitted to: " + (place.pictures / name).string() + ", md5 " +
                       nst::md5_of_file(place.pictures / name)) != std::string::npos);
    }
    CHECK(log.find("held out: " + (place.pictures / "picture2.PNG").string()) != std::string::npos);
    CHECK(log.find("picture0.PNG") == std::string::npos);
    CHECK(log.find("notes.txt") == std::string::npos);
}

TEST_CASE("nst weights distil: the same file for any number of threads and each time") {
    const DistilWorkplace place;
    REQUIRE(place.distil({"--threads", "1"}).exit_code == 0);
    const std::string first = bytes_of(place.out);
    REQUIRE(place.distil({"--threads", "2"}).exit_code == 0);
    CHECK(bytes_of(place.out) == first);
    REQUIRE(place.distil({"--seed", "7"}).exit_code == 0);
    CHECK(bytes_of(place.out) != first);
}

TEST_CASE("nst weights distil: the student paints") {
    const DistilWorkplace place;
    REQUIRE(place.distil().exit_code == 0);
    CHECK(run({NST_COMMAND, "transfer", place.work.content, place.work.style, "-o",
               place.work.output, "--weights", place.out, "--iterations", "2"})
              .exit_code == 0);
    CHECK(run({NST_COMMAND, "inspect", place.out}).exit_code == 0);
}

TEST_CASE("nst weights distil: one picture is enough, and then none is held out") {
    const DistilWorkplace place;
    const std::string one = (place.pictures / "picture0.PNG").string();
    const CommandResult result = run({NST_COMMAND, "weights", "distil", place.work.weights,
                                      place.out, "--pictures", one, "--crops", "2"});
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.find("2 squares of 160 pixels from 1 files, and 0 held out from 0") !=
          std::string::npos);
}

TEST_CASE("nst weights distil: refuses in one line, before anything is written") {
    const DistilWorkplace place;
    const std::string teacher = place.work.weights;
    const std::string folder = place.pictures.string();
    const auto refused = [&](const std::string& from, const std::string& to,
                             const std::string& pictures, const std::string& channels = "0.5") {
        return place.refused({NST_COMMAND, "weights", "distil", from, to, "--pictures", pictures,
                              "--channels", channels});
    };
    const auto says = [](const std::string& message, const std::string& words) {
        INFO(message);
        CHECK(message.find(words) != std::string::npos);
    };
    says(refused(teacher, teacher, folder), "is the teacher " + teacher);
    says(refused("missing.mat", place.out, folder), "load_vgg19: ");
    says(refused(place.work.content, place.out, folder), "load_vgg19: ");
    says(refused(teacher, place.log.string(), folder), "is the name of the log");
    says(refused(teacher, (place.work.folder / "no" / "x.mat").string(), folder), "write_file: ");
    says(refused(teacher, folder, folder), "write_file: ");
    says(refused(teacher, place.out, "missing"), "there is no missing");
    fs::create_directory(place.work.folder / "empty");
    says(refused(teacher, place.out, (place.work.folder / "empty").string()),
         "there is no picture in");
    for (const char* channels :
         {"", "0", "1.5", "-1", "x", "4,4", "4,4,4,4,0", "1e-1", "4,,4", "999999,1,1,1,1"}) {
        CAPTURE(channels);
        refused(teacher, place.out, folder, channels);
    }
    place.refused({NST_COMMAND, "weights", "distil", teacher, place.out});
    place.refused({NST_COMMAND, "weights", "distil", teacher, place.out, "--pictures", folder,
                   "--crops", "0"});
    const CommandResult small = run({NST_COMMAND, "weights", "distil", teacher, place.out,
                                     "--pictures", (place.pictures / "small.png").string()});
    CHECK(small.exit_code == 2);
    says(small.err, "Skipped: ");
    says(small.err, "none of the pictures could be used");
    CHECK_FALSE(fs::exists(place.out));
}
