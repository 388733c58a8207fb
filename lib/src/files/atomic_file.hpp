// Writes files so that a failure leaves the previous file intact: under a temporary name, then
// renamed.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A new file that replaces another once it is complete. Until then the old file is untouched; if
/// this object is destroyed earlier, nothing remains of the new file.
///
/// The new file is in the same folder, because a rename is atomic only within a file system. If the
/// target is a symbolic link, the file it points to is replaced, not the link. It gets the mode,
/// the owner and the group of the old file. The other names of the old file, its hard links, keep
/// the old file.
class AtomicFile {
  public:
    /// Creates the new file, empty. If there is no old one, it gets the usual permissions.
    /// @param function  begins every error message
    /// @param target    the final path of the file
    /// @throws Error when the target exists and is not a file, is not writable or belongs to
    ///         somebody whose files this user cannot create, or when its folder is not writable
    AtomicFile(std::string function, std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Returns the temporary path, for writers that open the file themselves.
    const std::filesystem::path& path() const { return path_; }

    /// Appends bytes. @throws Error when they cannot be written, for example on a full disk
    void write(const void* bytes, std::size_t count);

    /// Waits until the bytes are on the disk, then renames.
    /// @throws Error when either fails
    void take_place();

  private:
    void examine_old_file();
    void keep_owner();
    void discard();
    [[noreturn]] void refuse(int error_number) const;
    [[noreturn]] void refuse(const char* reason) const;

    std::string function_;
    std::filesystem::path target_;  ///< as the caller gave it, for messages
    std::filesystem::path place_;   ///< target_ with symbolic links followed
    std::filesystem::path path_;    ///< empty once the file has taken its place
    int descriptor_ = -1;
    std::optional<mode_t> old_mode_;  ///< of the file to be replaced, if there is one
    uid_t old_user_ = 0;
    gid_t old_group_ = 0;
};

}  // namespace NST_PRECISION
}  // namespace nst
