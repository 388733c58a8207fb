#include "openblas_core.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <exception>
#include <string>

#include "nst/build_info.hpp"

namespace nst::tools {

namespace {

// The fallbacks of OpenBLAS: kernels without AVX2.
constexpr std::array<const char*, 6> old_cores = {"Prescott",    "Core2",     "Nehalem",
                                                  "Sandybridge", "Barcelona", "Bobcat"};

// Returns the kernels for this processor's flags; nullptr if the old ones are as good.
const char* best_core() {
#if defined(__x86_64__)
    const bool avx512 =
        __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
        __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
    if (avx512) return "SkylakeX";
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) return "Haswell";
#endif
    return nullptr;
}

// Returns nothing if the core cannot be determined: main will meet the same error and report it.
std::string chosen_core() {
    try {
        return build_info().openblas_core;
    } catch (const std::exception&) {
        return {};
    }
}

bool is_set(const char* variable) {
    const char* text = std::getenv(variable);
    return text != nullptr && *text != '\0';
}

}  // namespace

void restart_with_best_openblas_core(char** argv) {
    if (is_set("OPENBLAS_CORETYPE") || is_set("NST_KEEP_OPENBLAS_CORE")) return;
    const char* best = best_core();
    if (best == nullptr) return;
    const std::string chosen = chosen_core();
    if (std::find(old_cores.begin(), old_cores.end(), chosen) == old_cores.end()) return;
    // Start it by its path: a program started as /proc/self/exe would be listed as "exe".
    std::array<char, PATH_MAX> program{};
    if (readlink("/proc/self/exe", program.data(), program.size() - 1) < 0) return;
    if (setenv("OPENBLAS_CORETYPE", best, 1) != 0) return;
    execv(program.data(), argv);
    unsetenv("OPENBLAS_CORETYPE");
}

}  // namespace nst::tools
