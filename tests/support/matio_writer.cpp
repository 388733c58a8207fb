#include "support/matio_writer.hpp"

#include <matio.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace nst_test {

using namespace mat5;

namespace {

/// The elements as matio expects them in memory: in the type of the array's class.
template <class T>
matvar_t* create(const char* name, const Array& array, matio_classes array_class,
                 matio_types type) {
    std::vector<std::size_t> dims(array.dims.begin(), array.dims.end());
    std::size_t count = 1;
    for (const std::size_t extent : dims) count *= extent;
    std::vector<T> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<T>(array.value(i)));
    const int options = (array.flags & logical_flag) != 0 ? MAT_F_LOGICAL : 0;
    return Mat_VarCreate(name, array_class, type, static_cast<int>(dims.size()), dims.data(),
                         values.data(), options);
}

matvar_t* variable_of(const char* name, const Array& array);

matvar_t* create_cell(const char* name, const Array& array) {
    std::vector<std::size_t> dims(array.dims.begin(), array.dims.end());
    matvar_t* cell = Mat_VarCreate(name, MAT_C_CELL, MAT_T_CELL, 2, dims.data(), nullptr, 0);
    for (std::size_t i = 0; i < array.parts.size(); ++i) {
        Mat_VarSetCell(cell, static_cast<int>(i), variable_of(nullptr, array.parts[i].second));
    }
    return cell;
}

matvar_t* create_struct(const char* name, const Array& array) {
    std::vector<const char*> names;
    for (const auto& part : array.parts) names.push_back(part.first.c_str());
    std::vector<std::size_t> dims(array.dims.begin(), array.dims.end());
    matvar_t* made = Mat_VarCreateStruct(name, 2, dims.data(), names.data(),
                                         static_cast<unsigned>(names.size()));
    for (const auto& [field, value] : array.parts) {
        Mat_VarSetStructFieldByName(made, field.c_str(), 0, variable_of(nullptr, value));
    }
    return made;
}

matvar_t* variable_of(const char* name, const Array& array) {
    std::size_t nothing[] = {0, 0};
    switch (array.array_class) {
        case mx_cell:
            return create_cell(name, array);
        case mx_struct:
            return create_struct(name, array);
        case mx_char:
            return create<std::uint16_t>(name, array, MAT_C_CHAR, MAT_T_UINT16);
        case mx_nothing:  // [] as matio has it
            return Mat_VarCreate(name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, nothing, nullptr, 0);
        case mx_uint8:
            return create<std::uint8_t>(name, array, MAT_C_UINT8, MAT_T_UINT8);
        case mx_double:
            return create<double>(name, array, MAT_C_DOUBLE, MAT_T_DOUBLE);
        case mx_single:
            return create<float>(name, array, MAT_C_SINGLE, MAT_T_SINGLE);
        default:
            throw std::invalid_argument("write_with_matio: a class that no VGG-19 has");
    }
}

}  // namespace

void write_with_matio(const std::filesystem::path& path, const Named& variables, bool is_compressed,
                      MatVersion version) {
    mat_t* file = Mat_CreateVer(path.c_str(), nullptr,
                                version == MatVersion::v5 ? MAT_FT_MAT5 : MAT_FT_MAT73);
    if (file == nullptr) throw std::runtime_error("write_with_matio: no file");
    for (const auto& [name, array] : variables) {
        matvar_t* variable = variable_of(name.c_str(), array);
        Mat_VarWrite(file, variable, is_compressed ? MAT_COMPRESSION_ZLIB : MAT_COMPRESSION_NONE);
        Mat_VarFree(variable);
    }
    Mat_Close(file);
}

}  // namespace nst_test
