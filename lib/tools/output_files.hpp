// What the commands check about the files that they are going to write.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace nst::tools {

/// The files that a command reads. Two paths are the same file if they lead to the same inode, so
/// that links and other spellings of a path count, on file systems that ignore case too.
class InputFiles {
  public:
    /// Adds a file; one that does not exist is ignored.
    /// @param role  what it is, for messages: "the content image"
    /// @param path  "-" is the standard input
    void add(const std::string& role, const std::filesystem::path& path);

    /// Returns the role and the path of the input that is this file, such as "the content image
    /// photo.jpg"; empty if none is.
    std::string same_file(const std::filesystem::path& output) const;

  private:
    struct File {
        std::string name;
        dev_t device;
        ino_t inode;
    };
    std::vector<File> files_;
};

/// Returns a line that says that the other names of this file, its hard links, will keep the old
/// content; empty if there are none.
std::string hard_link_note(const std::filesystem::path& output);

}  // namespace nst::tools
