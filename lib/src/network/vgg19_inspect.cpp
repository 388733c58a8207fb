#include <array>
#include <string_view>
#include <utility>

#include "base/require.hpp"
#include "network/vgg19_layers.hpp"
#include "nst/md5.hpp"
#include "nst/vgg19.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr const char* function = "inspect_vgg19";

// MD5 sums and names from MatConvNet's page of pretrained models.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> published = {{
    {"106118b7cf60435e6d8e04f6a6dc3657", "imagenet-vgg-verydeep-19.mat of beta23 (September 2016)"},
    {"49e623de543b207d57fab0f6eaf79a7e", "imagenet-vgg-verydeep-19.mat of beta19 (April 2016)"},
    {"b9b4a9eb1c2fb3b50e1ec1aca6f22342", "imagenet-vgg-verydeep-19.mat of beta17 (December 2015)"},
    {"7354f1087a23b7fb4221c6a4b5653cd0", "imagenet-vgg-verydeep-19.mat of beta17 (November 2015)"},
    {"8ee3263992981a1d26e73b3ca028a123", "imagenet-vgg-verydeep-19.mat of beta16 (September 2015)"},
}};

std::string known_as(const std::string& md5) {
    for (const auto& [digest, name] : published) {
        if (digest == md5) return std::string(name);
    }
    return {};
}

/// The geometry of an image after the layers so far.
struct Progress {
    std::size_t receptive_field = 1;
    std::size_t step = 1;                  ///< pixels of the image between neighbouring outputs
    std::vector<std::size_t> output_size;  ///< (h, w); empty once a window did not fit
};

/// Advances through one layer's window: r' = r + (k - 1) j, j' = j s.
void advance(Progress& progress, const FileLayer& layer, const std::array<std::size_t, 2>& window) {
    progress.receptive_field += (window[0] - 1) * progress.step;
    progress.step *= layer.stride[0];
    for (std::size_t axis = 0; axis < progress.output_size.size(); ++axis) {
        std::size_t& extent = progress.output_size[axis];
        const std::size_t padded = extent + layer.pad[2 * axis] + layer.pad[2 * axis + 1];
        if (padded < window[axis]) {
            progress.output_size.clear();
            return;
        }
        extent = (padded - window[axis]) / layer.stride[axis] + 1;
    }
}

LayerRow row_of(const FileLayer& layer, Progress& progress) {
    LayerRow row{};
    row.index = layer.index;
    row.name = layer.name;
    row.type = layer.type;
    row.filter_shape = layer.filter_shape;
    row.window = layer.window;
    row.stride = {layer.stride.begin(), layer.stride.end()};
    row.pad = {layer.pad.begin(), layer.pad.end()};
    if (layer.filters) row.parameters = layer.filters->count() + layer.biases->count();
    if (layer.filters) advance(progress, layer, {row.filter_shape[0], row.filter_shape[1]});
    if (!row.window.empty()) advance(progress, layer, {row.window[0], row.window[1]});
    row.receptive_field = progress.receptive_field;
    row.output_size = progress.output_size;
    return row;
}

}  // namespace

MatSummary inspect_vgg19(const std::filesystem::path& mat_file, std::size_t height,
                         std::size_t width) {
    require(height > 0 && width > 0 && height <= 65535 && width <= 65535, function,
            ": expected an image of 1x1 to 65535x65535, got ", height, "x", width);
    Vgg19File source(function, mat_file);
    MatSummary summary{};
    summary.header = source.file.outline().header;
    summary.bytes = source.file.outline().bytes;
    summary.md5 = md5_of_file(mat_file);
    summary.known_as = known_as(summary.md5);
    summary.generation = source.generation();
    summary.description = source.description();
    summary.mean = source.mean();
    Progress progress;
    progress.output_size = {height, width};
    for (const FileLayer& layer : source.layers) {
        summary.layers.push_back(row_of(layer, progress));
    }
    return summary;
}

}  // namespace NST_PRECISION
}  // namespace nst
