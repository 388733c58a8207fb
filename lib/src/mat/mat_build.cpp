#include "mat/mat_build.hpp"

#include <cstdint>

#include "base/require.hpp"
#include "mat/mat_text.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

/// Returns what matio created, or throws Error if it returned nothing for lack of memory.
MatVarPtr checked(matvar_t* variable) {
    require(variable != nullptr, "save_vgg19: matio has no memory for an array");
    return MatVarPtr(variable);
}

MatVarPtr create(const char* name, matio_classes array_class, matio_types type, MatShape shape,
                 const void* data, int options = 0) {
    // matio copies the data and does not write to it
    return checked(Mat_VarCreate(name, array_class, type, static_cast<int>(shape.size()),
                                 shape.data(), const_cast<void*>(data), options));
}

}  // namespace

MatVarPtr mat_single(const MatShape& shape, const std::vector<float>& values) {
    return create(nullptr, MAT_C_SINGLE, MAT_T_SINGLE, shape, values.data());
}

MatVarPtr mat_double(const MatShape& shape, const std::vector<double>& values) {
    return create(nullptr, MAT_C_DOUBLE, MAT_T_DOUBLE, shape, values.data());
}

MatVarPtr mat_row(const std::vector<double>& values) {
    return mat_double({1, values.size()}, values);
}

MatVarPtr mat_logical(bool value) {
    const std::uint8_t byte = value ? 1 : 0;
    return create(nullptr, MAT_C_UINT8, MAT_T_UINT8, {1, 1}, &byte, MAT_F_LOGICAL);
}

MatVarPtr mat_text(const std::string& utf8) {
    const std::vector<std::uint16_t> units = utf16_text(utf8);
    return create(nullptr, MAT_C_CHAR, MAT_T_UINT16, {units.empty() ? 0u : 1u, units.size()},
                  units.data());
}

MatVarPtr mat_cell(std::vector<MatVarPtr> elements, const char* name) {
    MatShape shape{elements.empty() ? 0u : 1u, elements.size()};
    MatVarPtr cell = create(name, MAT_C_CELL, MAT_T_CELL, shape, nullptr);
    for (std::size_t i = 0; i < elements.size(); ++i) {
        Mat_VarSetCell(cell.get(), static_cast<int>(i), elements[i].release());
    }
    return cell;
}

MatStruct& MatStruct::set(const std::string& field, MatVarPtr value) {
    fields_.emplace_back(field, std::move(value));
    return *this;
}

MatVarPtr MatStruct::build(const char* name) && {
    std::vector<const char*> names;
    for (const auto& field : fields_) names.push_back(field.first.c_str());
    MatShape shape{1, 1};
    MatVarPtr built = checked(Mat_VarCreateStruct(name, 2, shape.data(), names.data(),
                                                  static_cast<unsigned>(names.size())));
    for (auto& [field, value] : fields_) {
        Mat_VarSetStructFieldByName(built.get(), field.c_str(), 0, value.release());
    }
    fields_.clear();
    return built;
}

}  // namespace NST_PRECISION
}  // namespace nst
