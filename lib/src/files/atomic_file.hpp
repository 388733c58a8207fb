// Writing so that a failure leaves what was there before: under a temporary name, then renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A new file that takes another's place once it is whole. Until then that one stays as it is; when
/// this object ends before, nothing is left of the new file.
///
/// The new file lies in the same folder, since a rename is atomic only within a file system. Where
/// the target is a symbolic link, what it points to is replaced, not the link.
class AtomicFile {
  public:
    /// Makes the new file, empty, with the permissions that any new file gets.
    /// @param function  begins every error message
    /// @param target    where the file is to be in the end
    /// @throws Error when the target is something other than a file, or its folder cannot be
    ///         written
    AtomicFile(std::string function, std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// The temporary name, for writers that want to open the file themselves.
    const std::filesystem::path& path() const { return path_; }

    /// Appends bytes. @throws Error when they cannot be written, for example on a full disk
    void write(const void* bytes, std::size_t count);

    /// Waits until the bytes are on the disk, then renames.
    /// @throws Error when either fails
    void take_place();

  private:
    [[noreturn]] void refuse(int error_number) const;

    std::string function_;
    std::filesystem::path target_;  ///< as the caller named it, for messages
    std::filesystem::path place_;   ///< the same with symbolic links followed
    std::filesystem::path path_;    ///< empty once the file has taken its place
    int descriptor_ = -1;
};

}  // namespace NST_PRECISION
}  // namespace nst
