#include "nst/embedded_vgg19.hpp"

#include <dlfcn.h>

#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace fs = std::filesystem;

fs::path embedded_vgg19_file() {
    static const char inside_this_library = 0;
    Dl_info library{};
    require(dladdr(&inside_this_library, &library) != 0,
            "embedded_vgg19_file: the library's own path is unknown");
    // NST_DATA_FROM_LIBRARY leads from the library's folder to share/nst, as installed and as
    // built.
    const fs::path folder = fs::absolute(library.dli_fname).parent_path() / NST_DATA_FROM_LIBRARY;
    fs::path file = (folder / "embedded-vgg19.mat").lexically_normal();
    require(fs::exists(file), "embedded_vgg19_file: expected the embedded network at ",
            file.string(), ", it is not there. Is the build complete?");
    return file;
}

bool is_embedded_vgg19(const Network& network) {
    return network.description.rfind(embedded_vgg19_mark, 0) == 0;
}

}  // namespace NST_PRECISION
}  // namespace nst
