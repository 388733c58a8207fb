// Arrays to be written to a `.mat`. Each frees itself and its contents.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "mat/mat_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

using MatShape = std::vector<std::size_t>;

/// Makes an array of numbers, column by column; as many as the shape says.
MatVarPtr mat_single(const MatShape& shape, const std::vector<float>& values);
MatVarPtr mat_double(const MatShape& shape, const std::vector<double>& values);
/// Makes one row of numbers: [1 1 1 1].
MatVarPtr mat_row(const std::vector<double>& values);
/// Makes true or false.
MatVarPtr mat_logical(bool value);
/// Makes one row of text from UTF-8.
MatVarPtr mat_text(const std::string& utf8);
/// Makes a cell array of one row; without elements, {} of 0x0. Only a top-level variable has a
/// name.
MatVarPtr mat_cell(std::vector<MatVarPtr> elements, const char* name = nullptr);

/// A struct of one element, built field by field.
class MatStruct {
  public:
    MatStruct& set(const std::string& field, MatVarPtr value);
    MatVarPtr build(const char* name = nullptr) &&;

  private:
    std::vector<std::pair<std::string, MatVarPtr>> fields_;
};

}  // namespace NST_PRECISION
}  // namespace nst
