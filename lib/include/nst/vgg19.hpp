#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Reads the convolutional part of a VGG-19 from MatConvNet's `.mat`. All generations of the file
/// are read, by field name: `weights` or `filters` and `biases`, bias as a row or a column, `meta`
/// or `normalization` for the mean, compressed or not, with or without the fully connected layers,
/// as variables of the file or as fields of one struct (`net`), in MATLAB's version 5 to 7 or in
/// version 7.3 (HDF5). What else the file holds is skipped.
/// Only the arrays of conv1_1 to relu5_4 (pool5) are read, never the fully connected layers.
/// Meanwhile the arrays are kept in an unnamed file in the folder for temporary files (80 MB for
/// the published network).
///
/// The file stores each filter column-major as (h, w, C_in, C_out) with RGB input; it becomes (kh,
/// kw, C_in, C_out), row-major, with its axes in the same order. A mean image is averaged to three
/// numbers.
///
/// @param mat_file  for example imagenet-vgg-verydeep-19.mat
/// @return the layers with the file's names, in the file's order
/// @throws Error when the file is missing, truncated or of another format, holds no such network or
///         one of more than 2^26 numbers, or there is no room for temporary files
/// Introduced in chapter 02.
NST_API Network load_vgg19(const std::filesystem::path& mat_file);

/// How arrays are stored in a `.mat`: deflated, or uncompressed, which takes little more room
/// (weights hardly deflate) and reads ten times as fast.
/// Introduced in chapter 02.
enum class MatStorage { compressed, uncompressed };

/// Writes a network as a `.mat` in the layout of 2016 (single precision), which load_vgg19, MATLAB
/// and SciPy read. The file is written under a temporary name and renamed. The same network always
/// gives the same bytes.
/// @throws Error when the file cannot be written, or load_vgg19 would reject the network: filters
///         other than 3x3xC_inxC_out, more than 2^26 numbers in total, two layers with one name, a
///         mean outside 0 to 255, a value that is not finite in single precision
/// Introduced in chapter 02.
NST_API void save_vgg19(const Network& network, const std::filesystem::path& mat_file,
                        MatStorage storage = MatStorage::compressed);

/// One row of the layer table of a `.mat`.
/// Introduced in chapter 02.
struct LayerRow {
    std::size_t index;
    std::string name;
    std::string type;                       ///< conv, relu, pool, softmax, as in the file
    std::vector<std::size_t> filter_shape;  ///< (kh, kw, C_in, C_out) of a conv layer, else empty
    std::vector<std::size_t> window;        ///< (h, w) of a pool layer, else empty
    std::vector<std::size_t> stride;        ///< (vertical, horizontal)
    std::vector<std::size_t> pad;           ///< (top, bottom, left, right)
    std::uint64_t parameters;               ///< count of values in filters and biases
    std::size_t receptive_field;            ///< side of the square that one output sees, in pixels
    std::vector<std::size_t> output_size;   ///< (h, w) for the given image size; empty once smaller
                                            ///< than a layer's window
};

/// The contents of a `.mat`, as `nst inspect` prints them.
/// Introduced in chapter 02.
struct MatSummary {
    std::string header;       ///< the file's own first line
    std::uint64_t bytes;      ///< size of the file
    std::string md5;          ///< 32 hexadecimal digits
    std::string known_as;     ///< the published file with this MD5; empty when unknown
    std::string generation;   ///< the MatConvNet layout of this file, in words
    std::string description;  ///< meta.description, if present
    std::array<double, 3> mean;
    std::vector<LayerRow> layers;
};

/// Reads the layer table without any weights.
/// @param height, width  size of the image for which output sizes are computed, in pixels
/// @throws Error as load_vgg19
/// Introduced in chapter 02.
NST_API MatSummary inspect_vgg19(const std::filesystem::path& mat_file, std::size_t height,
                                 std::size_t width);

}  // namespace NST_PRECISION
}  // namespace nst
