#include "output_files.hpp"

#include <sys/stat.h>

#include <optional>

#include "nst/printable_text.hpp"

namespace nst::tools {

namespace fs = std::filesystem;

namespace {

std::optional<struct stat> status_of(const fs::path& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) return {};
    return status;
}

}  // namespace

void InputFiles::add(const std::string& role, const fs::path& path) {
    const auto status = status_of(path == "-" ? "/dev/stdin" : path);
    if (!status) return;
    files_.push_back({role + " " + path.string(), status->st_dev, status->st_ino});
}

std::string InputFiles::same_file(const fs::path& output) const {
    const auto status = status_of(output);
    if (!status) return {};
    for (const File& file : files_) {
        if (file.device == status->st_dev && file.inode == status->st_ino) return file.name;
    }
    return {};
}

std::string hard_link_note(const fs::path& output) {
    const auto status = status_of(output);
    if (!status || !S_ISREG(status->st_mode) || status->st_nlink < 2) return {};
    return "Hard link: " + printable_text(output.string()) + " is one of " +
           std::to_string(status->st_nlink) +
           " names of a file. Only this name gets the new file; the others keep the old one.";
}

}  // namespace nst::tools
