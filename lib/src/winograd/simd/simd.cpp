#include "winograd/simd/simd.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace baseline {
extern const Simd kernels;
}
namespace avx2 {
extern const Simd kernels;
}
namespace avx512 {
extern const Simd kernels;
}

namespace {

// Returns what this processor can run, the best first.
std::vector<const Simd*> runnable() {
    std::vector<const Simd*> sets;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") != 0) sets.push_back(&avx512::kernels);
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
        sets.push_back(&avx2::kernels);
    }
#endif
    sets.push_back(&baseline::kernels);
    return sets;
}

const Simd& choose() {
    const std::vector<const Simd*> sets = runnable();
    const char* wanted = std::getenv("NST_SIMD");
    if (wanted == nullptr || *wanted == '\0') return *sets.front();
    std::string names;
    for (const Simd* set : sets) {
        if (set->name == std::string(wanted)) return *set;
        names += std::string(names.empty() ? "" : ", ") + set->name;
    }
    fail("NST_SIMD: this processor can run ", names, ", got ", wanted);
}

}  // namespace

const Simd& simd() {
    static const Simd& chosen = choose();
    return chosen;
}

std::size_t whole_panels(std::size_t columns) {
    const std::size_t panel = simd().panel;
    return (columns + panel - 1) / panel * panel;
}

}  // namespace NST_PRECISION
}  // namespace nst
