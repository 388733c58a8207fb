// Shared by all fuzz targets: a file in memory, and a call that may return or throw a one-line
// error, within a stated amount of memory. Anything else ends the program, which libFuzzer reports.
#pragma once

#include <sanitizer/allocator_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include "nst/error.hpp"
#include "nst/printable_text.hpp"

namespace nst_fuzz {

constexpr std::size_t mib = 1 << 20;

/// Prints the problem and ends the program.
template <class... Parts>
[[noreturn]] void finding(const Parts&... parts) {
    (std::cerr << ... << parts) << std::endl;
    std::abort();
}

/// A regular file in memory that has a name while the program runs.
class InputFile {
  public:
    InputFile() : descriptor_(memfd_create("input", MFD_CLOEXEC)) {
        if (descriptor_ < 0) finding("no file in memory");
    }
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

    void fill(const std::uint8_t* data, std::size_t size) {
        if (ftruncate(descriptor_, 0) != 0 ||
            pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size)) {
            finding("cannot write the file in memory");
        }
    }

  private:
    int descriptor_;
};

/// The number of bytes allocated now, and the peak since the last reset().
class Heap {
  public:
    static void reset() {
        static const int installed = __sanitizer_install_malloc_and_free_hooks(allocated, freed);
        if (installed == 0) finding("no place for hooks");
        live = 0;
        peak = 0;
    }
    static std::size_t most() { return static_cast<std::size_t>(peak.load()); }

  private:
    static constexpr std::int64_t overhead = 16;  // per allocation, in common allocators

    static void allocated(const volatile void*, std::size_t size) {
        live += static_cast<std::int64_t>(size) + overhead;
        peak = std::max(peak.load(), live.load());
    }
    static void freed(const volatile void* memory) {
        const auto size = __sanitizer_get_allocated_size(const_cast<const void*>(memory));
        live -= static_cast<std::int64_t>(size) + overhead;
    }

    static inline std::atomic<std::int64_t> live{0};
    static inline std::atomic<std::int64_t> peak{0};
};

/// Makes the call, which may throw only an nst::Error of one line.
/// @param most  the maximum number of bytes that the call may take
/// @return whether the call returned
template <class Call>
bool attempt(std::size_t most, const Call& call) {
    bool done = false;
    Heap::reset();
    try {
        call();
        done = true;
    } catch (const nst::Error& error) {
        if (nst::printable_text(error.what()) != error.what()) {
            finding("a byte in the message that a terminal should not get: ", error.what());
        }
    }
    if (Heap::most() > most) finding(Heap::most(), " bytes taken, ", most, " allowed");
    return done;
}

}  // namespace nst_fuzz
