#include "nst/bundled_vgg19.hpp"

#include <dlfcn.h>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace fs = std::filesystem;

fs::path bundled_vgg19_file() {
    static const char inside_this_library = 0;
    Dl_info library{};
    require(dladdr(&inside_this_library, &library) != 0,
            "bundled_vgg19_file: the library's own path is unknown");
    // NST_DATA_FROM_HERE is the path to its folder, both as installed and as built, from the folder
    // of the library or of the program that contains it.
    const fs::path folder = fs::absolute(library.dli_fname).parent_path() / NST_DATA_FROM_HERE;
    fs::path file = (folder / "bundled-vgg19.mat").lexically_normal();
    require(fs::exists(file), "bundled_vgg19_file: expected the bundled network at ", file.string(),
            ", it is not there. Is the build complete?");
    return file;
}

bool is_bundled_vgg19(const Network& network) {
    return network.description.rfind(bundled_vgg19_mark, 0) == 0;
}

}  // namespace NST_PRECISION
}  // namespace nst
