// A private layer over matio: a `.mat` that closes itself, with access to its arrays by field name.
#pragma once

#include <matio.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "files/file_error_context.hpp"
#include "mat/mat_check.hpp"

namespace nst {
inline namespace NST_PRECISION {

struct MatVarFree {
    void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};
using MatVarPtr = std::unique_ptr<matvar_t, MatVarFree>;

class MatFile;

/// One array of an open MatFile: a number array, text, a cell or a struct. A view that is valid as
/// long as the file is open. Its values stay on disk until they are requested.
class MatNode {
  public:
    MatNode(const MatFile& file, matvar_t* variable, std::string path)
        : file_(&file), variable_(variable), path_(std::move(path)) {}

    /// Returns the array's path in MATLAB's notation: "layers{3}.weights{1}".
    const std::string& path() const { return path_; }

    bool is_empty() const;
    bool is_cell() const { return has_class(MAT_C_CELL); }
    bool is_struct() const { return has_class(MAT_C_STRUCT); }
    bool is_text() const { return has_class(MAT_C_CHAR); }
    bool is_number() const;
    /// Returns whether text() works: one row of at most 65536 characters, or empty text.
    bool is_line() const;
    /// Returns whether this stands for an array that nst does not read, such as an object.
    bool is_skipped() const;
    /// @throws Error that names the kind of array, if it is skipped
    void require_read() const;

    /// Returns the lengths of all axes; MATLAB drops trailing axes of length 1 beyond the second.
    std::vector<std::size_t> shape() const;
    /// Returns the number of elements.
    std::size_t count() const;

    /// Returns the field of a struct of one element, or nothing if there is none.
    std::optional<MatNode> find(const std::string& field) const;
    /// Returns the field of a struct of one element. @throws Error when it is missing, with the
    /// names of the existing fields
    MatNode field(const std::string& name) const;
    /// Returns an element of a cell, counted from 0, column by column. @throws Error
    MatNode cell(std::size_t index) const;

    /// Returns the text in UTF-8. @throws Error unless it is one row of text, or empty
    std::string text() const;

    /// Returns all numbers, column by column (first index fastest), converted from the stored type.
    /// The file's own copy is released at once.
    /// @throws Error unless it is an array of fewer than 2^24 real numbers
    template <class T>
    std::vector<T> values() const;

  private:
    bool has_class(matio_classes wanted) const;
    /// @throws Error that names what was expected, or what was skipped
    void require_kind(bool fits, const char* expected) const;
    std::string line() const;
    void read() const;
    void release() const;

    const MatFile* file_;
    matvar_t* variable_;
    std::string path_;
};

/// A MATLAB 5 file that has been checked completely, and of which matio reads a copy.
class MatFile {
  public:
    /// @param function  the caller's name, for messages
    /// @throws Error as check_mat_file, or when there is no room for the copy
    MatFile(std::string function, std::filesystem::path file);

    const MatOutline& outline() const { return outline_; }
    const FileErrorContext& context() const { return context_; }
    mat_t* handle() const { return copy_.handle(); }

    bool has(const std::string& name) const;
    /// Reads the structure of a top-level variable, without the values of large arrays.
    /// @throws Error when it is missing, with the names of the existing variables
    MatNode variable(const std::string& name);

  private:
    FileErrorContext context_;
    MatScratch copy_;
    MatOutline outline_;
    std::vector<MatVarPtr> variables_;
};

}  // namespace NST_PRECISION
}  // namespace nst
