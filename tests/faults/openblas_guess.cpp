// Makes OpenBLAS choose the kernels of an unknown processor, in a program that preloads this
// library (LD_PRELOAD), by setting OPENBLAS_CORETYPE. A value that the program already has takes
// precedence, unless NST_GUESS is "always".
#include <dlfcn.h>
#include <unistd.h>

#include <cstring>

namespace {

char prescott[] = "Prescott";

char* in_environment(const char* name) {
    const std::size_t length = std::strlen(name);
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        if (std::strncmp(*variable, name, length) == 0 && (*variable)[length] == '=') {
            return *variable + length + 1;
        }
    }
    return nullptr;
}

bool is_openblas(void* caller) {
    Dl_info library{};
    return dladdr(caller, &library) != 0 && library.dli_fname != nullptr &&
           std::strstr(library.dli_fname, "libopenblas") != nullptr;
}

}  // namespace

extern "C" char* getenv(const char* name) noexcept {
    char* own = in_environment(name);
    if (std::strcmp(name, "OPENBLAS_CORETYPE") != 0) return own;
    if (!is_openblas(__builtin_return_address(0))) return own;
    const char* guess = in_environment("NST_GUESS");
    const bool always = guess != nullptr && std::strcmp(guess, "always") == 0;
    const bool chosen = own != nullptr && *own != '\0';
    return chosen && !always ? own : prescott;
}
