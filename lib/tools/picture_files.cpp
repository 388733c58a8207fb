#include "picture_files.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

#include "require.hpp"

namespace nst::tools {

namespace fs = std::filesystem;

namespace {

bool is_picture(const fs::directory_entry& entry) {
    static const std::array<const char*, 6> extensions = {".jpg",  ".jpeg", ".png",
                                                          ".webp", ".tif",  ".tiff"};
    std::string extension = entry.path().extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    std::error_code ignored;
    return entry.is_regular_file(ignored) &&
           std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

void add_folder(const fs::path& folder, std::vector<fs::path>& files) {
    std::error_code error;
    fs::recursive_directory_iterator entries(folder, error);
    while (!error && entries != fs::recursive_directory_iterator()) {
        if (is_picture(*entries)) files.push_back(entries->path());
        entries.increment(error);
    }
    require(!error, "--pictures: cannot read ", folder.string(), ": ", error.message());
}

}  // namespace

std::vector<fs::path> picture_files(const std::vector<std::string>& names) {
    std::vector<fs::path> files;
    for (const fs::path name : names) {
        std::error_code error;
        const fs::file_status status = fs::status(name, error);
        require(fs::exists(status), "--pictures: there is no ", name.string());
        if (fs::is_directory(status)) {
            add_folder(name, files);
        } else {
            files.push_back(name);
        }
    }
    std::sort(files.begin(), files.end());
    std::set<fs::path> seen;
    const auto is_repeated = [&](const fs::path& file) {
        std::error_code error;
        const fs::path real = fs::canonical(file, error);
        return !seen.insert(error ? file : real).second;
    };
    files.erase(std::remove_if(files.begin(), files.end(), is_repeated), files.end());
    return files;
}

}  // namespace nst::tools
