#include "nst/md5.hpp"

#include "support/mat5.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

TEST_CASE("md5_of_file: gives the digests that RFC 1321 lists") {
    const TemporaryFolder folder;
    const auto digest = [&](const std::string& content) {
        mat5::write_file(folder / "file", content);
        return nst::md5_of_file(folder / "file");
    };
    CHECK(digest("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(digest("abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(digest("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
    // longer than one block of the reader; NESSIE's test vector
    CHECK(digest(std::string(1000000, 'a')) == "7707d6ae4e027c70eea2a935c2296f21");
}

TEST_CASE("md5_of_file: a file that cannot be read is an error") {
    const TemporaryFolder folder;
    CHECK(error_of([&] { nst::md5_of_file(folder / "none"); }) ==
          "md5_of_file: cannot open " + (folder / "none").string() + ": No such file or directory");
    CHECK(error_of([&] { nst::md5_of_file(folder.path()); }) ==
          "md5_of_file: " + folder.path().string() + " is a folder; expected a file");
}
