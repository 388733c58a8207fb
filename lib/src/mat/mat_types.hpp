// Numbers of the format, "MAT-File Level 5", and the limits that every version of a `.mat` keeps.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

enum MatDataType : std::uint32_t {
    mi_int8 = 1,
    mi_uint8 = 2,
    mi_int16 = 3,
    mi_uint16 = 4,
    mi_int32 = 5,
    mi_uint32 = 6,
    mi_single = 7,
    mi_double = 9,
    mi_int64 = 12,
    mi_uint64 = 13,
    mi_matrix = 14,
    mi_compressed = 15,
    mi_utf8 = 16,
    mi_utf16 = 17
};

enum MatArrayClass : std::uint32_t {
    mx_cell = 1,
    mx_struct = 2,
    mx_object = 3,
    mx_char = 4,
    mx_sparse = 5,
    mx_double = 6,
    mx_single = 7,
    mx_int8 = 8,
    mx_uint8 = 9,
    mx_int16 = 10,
    mx_uint16 = 11,
    mx_int32 = 12,
    mx_uint32 = 13,
    mx_int64 = 14,
    mx_uint64 = 15,
    mx_function = 16,
    mx_opaque = 17
};
constexpr std::uint32_t mx_last_number = mx_uint64;
constexpr std::uint32_t complex_flag = 0x0800;
constexpr std::uint32_t logical_flag = 0x0200;

// Limits that real weights never approach, so that a small file cannot demand much memory.
constexpr std::uint32_t largest_array = 0x7fffffff;  // matio counts bytes in an int
constexpr std::size_t max_arrays = 16384;            // matio keeps a record of each
constexpr std::size_t max_fields = 16384;            // and 40 bytes for the name of each
constexpr std::size_t max_variables = 16384;
constexpr int deepest = 16;
constexpr std::uint32_t longest_name = 63;  // MATLAB's own limit
constexpr std::uint32_t max_dimensions = 8;

}  // namespace NST_PRECISION
}  // namespace nst
