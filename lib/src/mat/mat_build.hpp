// Arrays for a `.mat` to be written, each of which frees itself and what it holds.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "mat/mat_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

using MatShape = std::vector<std::size_t>;

/// Numbers, column by column; as many as the shape says.
MatVarPtr mat_single(const MatShape& shape, const std::vector<float>& values);
MatVarPtr mat_double(const MatShape& shape, const std::vector<double>& values);
/// One row of numbers: [1 1 1 1].
MatVarPtr mat_row(const std::vector<double>& values);
/// true or false.
MatVarPtr mat_logical(bool value);
/// One row of text, given in UTF-8.
MatVarPtr mat_text(const std::string& utf8);
/// A cell array of one row; with no elements, {} of 0x0. Only a variable of the top level has a
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
