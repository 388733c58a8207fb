#include "nst/vgg19.hpp"

#include <algorithm>
#include <cmath>

#include "base/require.hpp"
#include "network/vgg19_layers.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr const char* function = "load_vgg19";

/// Rejects convolutions that this library's network does not support.
void check_conv(const FileErrorContext& context, const FileLayer& layer, std::size_t channels) {
    const auto& shape = layer.filter_shape;
    const std::array<std::size_t, 2> one{1, 1};
    const std::array<std::size_t, 4> ones{1, 1, 1, 1};
    context.require(shape[0] == 3 && shape[1] == 3, "has filters of ", shape_text(shape), " in ",
                    layer.title(), "; expected 3x3xC_inxC_out");
    context.require(layer.stride == one && layer.pad == ones && layer.is_plain, "has stride ",
                    shape_text(layer.stride), ", pad ", shape_text(layer.pad),
                    layer.is_plain ? "" : " and a dilation", " in ", layer.title(),
                    "; expected stride 1x1, pad 1x1x1x1, no dilation");
    context.require(shape[2] == channels, "has filters of ", shape_text(shape), " in ",
                    layer.title(), "; expected ", channels, " input channels, as many as reach it");
    context.require(layer.biases->is_number() && layer.biases->count() == shape[3], "has ",
                    layer.biases->count(), " biases in ", layer.title(), "; expected ", shape[3],
                    ", one for each filter");
}

void check_pool(const FileErrorContext& context, const FileLayer& layer) {
    const std::vector<std::size_t> window{2, 2};
    const std::array<std::size_t, 2> stride{2, 2};
    // bottom and right padding only makes odd sizes round up, which this library does anyway
    const bool fits =
        layer.pad[0] == 0 && layer.pad[2] == 0 && layer.pad[1] <= 1 && layer.pad[3] <= 1;
    context.require(layer.window == window && layer.stride == stride && fits, "has a window of ",
                    shape_text(layer.window), ", stride ", shape_text(layer.stride), ", pad ",
                    shape_text(layer.pad), " in ", layer.title(),
                    "; expected window 2x2, stride 2x2, pad 0x1x0x1 or 0");
}

bool all_finite(const std::vector<Real>& values) {
    return std::all_of(values.begin(), values.end(), [](Real v) { return std::isfinite(v); });
}

/// Converts column-major (h, w, C_in, C_out), as in the file, to the same axes row-major.
Filters row_major(const std::vector<Real>& values, const std::vector<std::size_t>& shape) {
    const std::size_t height = shape[0];
    const std::size_t width = shape[1];
    const std::size_t inputs = shape[2];
    const std::size_t outputs = shape[3];
    Filters filters = Filters::from_shape({height, width, inputs, outputs});
    const std::size_t area = height * width;
    for (std::size_t o = 0; o < outputs; ++o) {
        for (std::size_t c = 0; c < inputs; ++c) {
            const Real* kernel = values.data() + (o * inputs + c) * area;
            for (std::size_t j = 0; j < width; ++j) {
                for (std::size_t i = 0; i < height; ++i) {
                    filters(i, j, c, o) = kernel[j * height + i];
                }
            }
        }
    }
    return filters;
}

Layer read_conv(const FileErrorContext& context, const FileLayer& layer) {
    const std::vector<Real> values = layer.filters->values<Real>();
    context.require(all_finite(values), "has a filter value that is not a finite number in ",
                    layer.title());
    const std::vector<Real> bias = layer.biases->values<Real>();
    context.require(all_finite(bias), "has a bias that is not a finite number in ", layer.title());
    Layer conv{LayerKind::conv, layer.name, row_major(values, layer.filter_shape),
               Vector::from_shape({bias.size()})};
    std::copy(bias.begin(), bias.end(), conv.bias.begin());
    return conv;
}

/// Appends one layer of the convolutional part to the network.
void append(const FileErrorContext& context, const FileLayer& layer, Network& network,
            std::size_t& channels) {
    context.require(!layer.name.empty(), "has a layer without a name (index ", layer.index, ")");
    for (const Layer& before : network.layers) {
        context.require(before.name != layer.name, "has two layers named ", layer.name);
    }
    if (layer.type == "conv") {
        check_conv(context, layer, channels);
        network.layers.push_back(read_conv(context, layer));
        channels = layer.filter_shape[3];
    } else if (layer.type == "relu") {
        context.require(layer.is_plain, "has a leak in ", layer.title(), "; expected none");
        network.layers.push_back({LayerKind::relu, layer.name, {}, {}});
    } else if (layer.type == "pool") {
        check_pool(context, layer);
        network.layers.push_back({LayerKind::pool, layer.name, {}, {}});
    } else {
        context.fail("has type ", layer.type, " in ", layer.title(),
                     "; expected conv, relu or pool up to the fifth pool");
    }
}

}  // namespace

Network load_vgg19(const std::filesystem::path& mat_file) {
    Vgg19File source(function, mat_file);
    const FileErrorContext& context = source.file.context();
    Network network;
    std::size_t channels = 3;
    std::size_t pools = 0;
    std::size_t numbers = 0;
    for (const FileLayer& layer : source.layers) {
        if (pools == pools_of_vgg) break;  // fully connected from here on
        if (layer.filters) numbers += layer.filters->count();
        context.require(numbers <= max_filter_numbers,
                        "has more than 2^26 numbers in the filters up to ", layer.title(),
                        "; no VGG-19 does");
        append(context, layer, network, channels);
        if (layer.type == "pool") ++pools;
    }
    context.require(numbers > 0, "has no conv layer");
    const std::array<double, 3> mean = source.mean();
    std::transform(mean.begin(), mean.end(), network.mean.begin(),
                   [](double value) { return static_cast<Real>(value); });
    network.description = source.description();
    return network;
}

}  // namespace NST_PRECISION
}  // namespace nst
