#include "nst/write_file.hpp"

#include "files/atomic_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr const char* function =
    "write_file";  // also for check_writable, on whose behalf it checks

}  // namespace

void write_file(const std::filesystem::path& file, const std::string& bytes) {
    AtomicFile out(function, file);
    out.write(bytes.data(), bytes.size());
    out.take_place();
}

void check_writable(const std::filesystem::path& file) {
    AtomicFile(function, file);
}

}  // namespace NST_PRECISION
}  // namespace nst
