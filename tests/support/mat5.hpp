// Writes MATLAB 5 files byte by byte, without matio. The reader is thus tested against code that it
// shares nothing with, and a test can write files that no library would.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nst_test::mat5 {

/// The storage type of data.
enum Type : std::uint32_t {
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
    mi_utf16 = 17,
    mi_utf32 = 18
};

/// The class of an array.
enum Class : std::uint32_t {
    mx_nothing = 0,  ///< a tag without an array, as MATLAB writes [] in a cell
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

constexpr std::uint32_t complex_flag = 0x800;
constexpr std::uint32_t logical_flag = 0x200;

struct Array;
using Named = std::vector<std::pair<std::string, Array>>;

/// One array of a file to be written.
struct Array {
    std::uint32_t array_class = mx_nothing;
    std::uint32_t flags = 0;
    std::vector<std::uint32_t> dims;
    std::uint32_t stored_as = 0;                         ///< of numbers and text
    std::function<double(std::size_t)> value = nullptr;  ///< of element i, called in order
    Named parts = {};                                    ///< fields, or elements with empty names
    std::optional<std::string> body = std::nullopt;      ///< bytes of everything after the name
};

/// The product of the dimensions.
std::uint64_t count_of(const Array& array);
/// Numbers, in column-major order.
Array numbers(std::uint32_t array_class, std::uint32_t stored_as, std::vector<std::uint32_t> dims,
              std::function<double(std::size_t)> value);
Array numbers(std::uint32_t array_class, std::uint32_t stored_as, std::vector<std::uint32_t> dims,
              const std::vector<double>& values);
/// A row such as [1 2 3], stored as bytes where they fit, as MATLAB does.
Array row(const std::vector<double>& values);
Array logical(bool value);
/// One row of ASCII text.
Array text(const std::string& ascii, std::uint32_t stored_as = mi_uint16);
/// A row of cells.
Array cell(const std::vector<Array>& elements);
Array structure(Named fields);

/// The field of a struct, for reading or changing. @throws std::out_of_range
Array& field(Array& structure, const std::string& name);
void remove_field(Array& structure, const std::string& name);

// Building blocks, from the smallest up.
std::string raw(std::uint32_t number);
std::string tag(std::uint32_t type, std::uint32_t size);
/// Tag, data, padding; up to four bytes of data fit into the tag.
std::string element(std::uint32_t type, const std::string& data);
/// A complete array with its tag.
std::string bytes(const Array& array, const std::string& name = "");
/// A top-level variable, deflated.
std::string compressed(const std::string& variable);
/// The first 128 bytes of a file.
std::string header(const std::string& text = "MATLAB 5.0 MAT-file, made by a test");
/// A complete file.
std::string file(const Named& variables, bool is_compressed);

void write_file(const std::filesystem::path& path, const std::string& bytes);
/// Writes a file without holding any large array in memory. @return its size
std::uint64_t stream_file(const std::filesystem::path& path, const Named& variables,
                          bool is_compressed);

}  // namespace nst_test::mat5
