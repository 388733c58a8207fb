#include <algorithm>
#include <cmath>
#include <set>

#include "base/require.hpp"
#include "files/atomic_file.hpp"
#include "mat/mat_build.hpp"
#include "network/vgg19_layers.hpp"
#include "nst/vgg19.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr const char* function = "save_vgg19";

// Contains no date, so that the same network gives the same bytes.
constexpr const char* header = "MATLAB 5.0 MAT-file, VGG-19 in the layout of MatConvNet beta23";

/// Converts numbers to single precision. @throws Error when one is not finite there
template <class Numbers>
std::vector<float> singles(const Numbers& numbers, const std::string& what) {
    std::vector<float> values;
    values.reserve(numbers.size());
    for (const auto number : numbers) values.push_back(static_cast<float>(number));
    const bool finite =
        std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
    require(finite, function, ": ", what, " has a value that is no finite number in single ",
            "precision");
    return values;
}

/// Converts (kh, kw, C_in, C_out), row-major, to the same axes column-major.
std::vector<float> column_major(const Layer& layer) {
    const std::vector<float> rows = singles(layer.filters, "layer " + layer.name);
    const auto& shape = layer.filters.shape();
    const std::size_t area = shape[0] * shape[1];
    const std::size_t maps = shape[2] * shape[3];
    std::vector<float> columns(rows.size());
    for (std::size_t c = 0; c < shape[2]; ++c) {
        for (std::size_t o = 0; o < shape[3]; ++o) {
            float* kernel = columns.data() + (o * shape[2] + c) * area;
            for (std::size_t at = 0; at < area; ++at) {
                const std::size_t i = at % shape[0];
                const std::size_t j = at / shape[0];
                kernel[at] = rows[(i * shape[1] + j) * maps + c * shape[3] + o];
            }
        }
    }
    return columns;
}

/// Rejects a layer that load_vgg19 would reject. @return its number of output channels
std::size_t check_conv(const Layer& layer, std::size_t channels) {
    const auto& shape = layer.filters.shape();
    require(shape[0] == 3 && shape[1] == 3 && shape[2] == channels && shape[3] > 0, function,
            ": layer ", layer.name, " must have filters of 3x3x", channels, "xC_out, got ",
            shape_text(shape));
    require(layer.bias.size() == shape[3], function, ": layer ", layer.name, " must have ",
            shape[3], " biases, one for each filter, got ", layer.bias.size());
    return shape[3];
}

/// Rejects a network that load_vgg19 would reject.
void check_network(const Network& network) {
    require(!network.layers.empty(), function, ": the network has no layers");
    std::size_t channels = 3;
    std::size_t numbers = 0;
    std::set<std::string> names;
    for (const Layer& layer : network.layers) {
        require(!layer.name.empty() && one_line(layer.name) == layer.name, function,
                ": expected layer names of 1 to 80 bytes without control characters, got \"",
                one_line(layer.name), "\"");
        require(names.insert(layer.name).second, function, ": the network has two layers named ",
                layer.name);
        if (layer.kind != LayerKind::conv) continue;
        channels = check_conv(layer, channels);
        numbers += layer.filters.size();
        require(numbers <= max_filter_numbers, function, ": expected at most 2^26 numbers in all ",
                "filters, got more up to layer ", layer.name);
    }
    for (const Real mean : network.mean) {
        require(mean >= 0 && mean <= 255, function, ": the mean must be 0 to 255, got ", mean);
    }
}

MatVarPtr conv_struct(const Layer& layer) {
    const auto& shape = layer.filters.shape();
    MatShape extents(shape.begin(), shape.end());
    const std::vector<float> bias = singles(layer.bias, "layer " + layer.name);
    std::vector<MatVarPtr> weights;
    weights.push_back(mat_single(extents, column_major(layer)));
    weights.push_back(mat_single({bias.size(), 1}, bias));
    MatStruct fields;
    fields.set("name", mat_text(layer.name))
        .set("type", mat_text("conv"))
        .set("weights", mat_cell(std::move(weights)))
        .set("size", mat_row({extents.begin(), extents.end()}))
        .set("pad", mat_row({1, 1, 1, 1}))
        .set("stride", mat_row({1, 1}))
        .set("precious", mat_logical(false))
        .set("dilate", mat_row({1}))
        .set("opts", mat_cell({}));
    return std::move(fields).build();
}

MatVarPtr relu_struct(const Layer& layer) {
    MatStruct fields;
    fields.set("name", mat_text(layer.name))
        .set("type", mat_text("relu"))
        .set("leak", mat_row({0}))
        .set("weights", mat_cell({}))
        .set("precious", mat_logical(false));
    return std::move(fields).build();
}

MatVarPtr pool_struct(const Layer& layer) {
    MatStruct fields;
    fields.set("name", mat_text(layer.name))
        .set("type", mat_text("pool"))
        .set("method", mat_text("max"))  // as VGG-19 was trained
        .set("pool", mat_row({2, 2}))
        .set("stride", mat_row({2, 2}))
        .set("pad", mat_row({0, 1, 0, 1}))
        .set("weights", mat_cell({}))
        .set("precious", mat_logical(false))
        .set("opts", mat_cell({}));
    return std::move(fields).build();
}

MatVarPtr layers_variable(const Network& network) {
    std::vector<MatVarPtr> cells;
    for (const Layer& layer : network.layers) {
        cells.push_back(layer.kind == LayerKind::conv   ? conv_struct(layer)
                        : layer.kind == LayerKind::relu ? relu_struct(layer)
                                                        : pool_struct(layer));
    }
    return mat_cell(std::move(cells), "layers");
}

MatVarPtr meta_variable(const Network& network) {
    const std::vector<float> mean = singles(network.mean, "the mean");
    MatStruct normalization;
    normalization.set("imageSize", mat_row({224, 224, 3}))
        .set("keepAspect", mat_logical(true))
        .set("averageImage", mat_single({1, 1, 3}, mean))
        .set("border", mat_row({0, 0}))
        .set("cropSize", mat_row({1}))
        .set("interpolation", mat_text("bicubic"));
    MatStruct meta;
    meta.set("normalization", std::move(normalization).build())
        .set("description", mat_text(network.description));
    return std::move(meta).build("meta");
}

bool write_mat(const Network& network, const std::filesystem::path& file, MatStorage storage) {
    const MatVarPtr layers = layers_variable(network);
    const MatVarPtr meta = meta_variable(network);
    MatPtr mat(Mat_CreateVer(file.c_str(), header, MAT_FT_MAT5));
    const matio_compression compression =
        storage == MatStorage::compressed ? MAT_COMPRESSION_ZLIB : MAT_COMPRESSION_NONE;
    const bool written = mat && Mat_VarWrite(mat.get(), layers.get(), compression) == 0 &&
                         Mat_VarWrite(mat.get(), meta.get(), compression) == 0;
    return Mat_Close(mat.release()) == 0 && written;
}

/// Returns whether a file is complete: matio does not notice when the disk is full.
bool is_whole(const std::filesystem::path& file) {
    try {
        return check_mat_file({function, file}).variables.size() == 2;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

void save_vgg19(const Network& network, const std::filesystem::path& mat_file, MatStorage storage) {
    check_network(network);
    AtomicFile output(function, mat_file);
    require(write_mat(network, output.path(), storage) && is_whole(output.path()), function,
            ": cannot write ", mat_file.string(), ". Is the disk full?");
    output.take_place();
}

}  // namespace NST_PRECISION
}  // namespace nst
