// A private layer over matio: a `.mat` that closes itself, and its arrays by field name.
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

/// One array of an open MatFile: a number array, text, a cell or a struct. It is a view, valid as
/// long as the file. Its values stay on disk until they are asked for.
class MatNode {
  public:
    MatNode(const MatFile& file, matvar_t* variable, std::string path)
        : file_(&file), variable_(variable), path_(std::move(path)) {}

    /// Where it is, as MATLAB would say it: "layers{3}.weights{1}".
    const std::string& path() const { return path_; }

    bool is_empty() const;
    bool is_cell() const { return has_class(MAT_C_CELL); }
    bool is_struct() const { return has_class(MAT_C_STRUCT); }
    bool is_text() const { return has_class(MAT_C_CHAR); }
    bool is_number() const;

    /// Lengths of all axes; MATLAB drops axes of length 1 at the end beyond the second.
    std::vector<std::size_t> shape() const;
    /// How many elements there are.
    std::size_t count() const;

    /// The field of a struct of one element, or nothing where there is none.
    std::optional<MatNode> find(const std::string& field) const;
    /// The field of a struct of one element. @throws Error naming the fields that there are
    MatNode field(const std::string& name) const;
    /// The element of a cell, counted from 0, column by column. @throws Error
    MatNode cell(std::size_t index) const;

    /// Text in UTF-8. @throws Error unless it is one row of text, or empty
    std::string text() const;

    /// All numbers, column by column (first index fastest), whatever type they are stored in.
    /// The file's copy is released at once.
    /// @throws Error unless it is an array of fewer than 2^24 real numbers
    template <class T>
    std::vector<T> values() const;

  private:
    bool has_class(matio_classes wanted) const;
    void read() const;
    void release() const;

    const MatFile* file_;
    matvar_t* variable_;
    std::string path_;
};

/// A MATLAB 5 file, checked from end to end, of which matio reads a copy.
class MatFile {
  public:
    /// @param function  who asks, for the messages
    /// @throws Error when check_mat_file does, or there is no room for the copy
    MatFile(std::string function, std::filesystem::path file);

    const MatOutline& outline() const { return outline_; }
    const FileErrorContext& context() const { return context_; }
    mat_t* handle() const { return copy_.handle(); }

    bool has(const std::string& name) const;
    /// Reads the structure of a variable of the top level, without the values of large arrays.
    /// @throws Error naming the variables that there are
    MatNode variable(const std::string& name);

  private:
    FileErrorContext context_;
    MatScratch copy_;
    MatOutline outline_;
    std::vector<MatVarPtr> variables_;
};

}  // namespace NST_PRECISION
}  // namespace nst
