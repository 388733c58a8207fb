#include "weights_lookup.hpp"

#include <cstdlib>

#include "nst/bundled_vgg19.hpp"

namespace nst::tools {

namespace fs = std::filesystem;

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

fs::path user_weights_file() {
    const std::string data = environment("XDG_DATA_HOME");
    const std::string home = environment("HOME");
    if (data.empty() && home.empty()) return {};
    const fs::path folder = data.empty() ? fs::path(home) / ".local" / "share" : fs::path(data);
    return folder / "nst" / "imagenet-vgg-verydeep-19.mat";
}

fs::path find_weights(const std::string& named) {
    if (!named.empty()) return named;
    if (const std::string variable = environment("NST_WEIGHTS"); !variable.empty()) return variable;
    fs::path users = user_weights_file();
    std::error_code ignored;
    if (!users.empty() && fs::exists(users, ignored)) return users;
    return bundled_vgg19_file();
}

}  // namespace nst::tools
