#include "network/vgg19_layers.hpp"

#include <algorithm>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t max_layers = 1000;

/// Returns a field with one to four small whole numbers, such as stride and pad; nothing if the
/// field is absent.
std::vector<std::size_t> whole_numbers(const FileErrorContext& context, const MatNode& layer,
                                       const std::string& field) {
    const auto node = layer.find(field);
    if (!node || node->is_empty()) return {};
    constexpr double largest = 1e6;
    context.require(node->count() <= 4, "has ", node->count(), " numbers in ", node->path(),
                    "; expected 1 to 4");
    std::vector<std::size_t> numbers;
    for (const double value : node->values<double>()) {
        const bool whole = value >= 0 && value <= largest &&
                           value == static_cast<double>(static_cast<std::size_t>(value));
        context.require(whole, "has ", value, " in ", node->path(), "; expected a whole number");
        numbers.push_back(static_cast<std::size_t>(value));
    }
    return numbers;
}

/// Returns a pair of numbers; a single number applies to both directions.
std::array<std::size_t, 2> pair(const FileErrorContext& context, const MatNode& layer,
                                const std::string& field, std::size_t absent) {
    const auto numbers = whole_numbers(context, layer, field);
    if (numbers.empty()) return {absent, absent};
    context.require(numbers.size() <= 2, "has ", numbers.size(), " numbers in ", layer.path(), ".",
                    field, "; expected 1 or 2");
    context.require(numbers.front() > 0 && numbers.back() > 0, "has 0 in ", layer.path(), ".",
                    field, "; expected at least 1");
    return {numbers.front(), numbers.back()};
}

/// One number pads all sides, two are vertical and horizontal, four are top, bottom, left, right.
std::array<std::size_t, 4> read_pad(const FileErrorContext& context, const MatNode& layer) {
    const auto numbers = whole_numbers(context, layer, "pad");
    switch (numbers.size()) {
        case 0:
            return {};
        case 1:
            return {numbers[0], numbers[0], numbers[0], numbers[0]};
        case 2:
            return {numbers[0], numbers[0], numbers[1], numbers[1]};
        case 4:
            return {numbers[0], numbers[1], numbers[2], numbers[3]};
        default:
            context.fail("has 3 numbers in ", layer.path(), ".pad; expected 1, 2 or 4");
    }
}

/// Returns true if the field is absent or holds exactly that number.
bool is_absent_or(const MatNode& layer, const std::string& field, double expected) {
    const auto node = layer.find(field);
    if (!node || node->is_empty()) return true;
    node->require_read();
    if (!node->is_number()) return false;
    const std::vector<double> values = node->values<double>();
    return std::all_of(values.begin(), values.end(), [&](double v) { return v == expected; });
}

/// Finds the two arrays of a conv layer: `weights`, or `filters` and `biases` before 2015.
void find_weights(const FileErrorContext& context, const MatNode& node, FileLayer& layer) {
    const auto old_filters = node.find("filters");
    const MatNode weights = old_filters ? *old_filters : node.field("weights");
    layer.filters = old_filters ? weights : weights.cell(0);
    layer.biases = old_filters ? node.field("biases") : weights.cell(1);
    layer.filters->require_read();
    layer.biases->require_read();
    std::vector<std::size_t> shape = layer.filters->shape();
    while (shape.size() < 4) shape.push_back(1);  // MATLAB drops trailing axes of length 1
    const bool is_fit = layer.filters->is_number() && !layer.filters->is_empty();
    context.require(is_fit && shape.size() == 4, "has no filters in ", layer.title(),
                    "; expected numbers as (h, w, C_in, C_out), got ", shape_text(shape));
    layer.filter_shape = std::move(shape);
}

FileLayer read_layer(const FileErrorContext& context, const MatNode& node, std::size_t index) {
    FileLayer layer{};
    layer.index = index;
    layer.name = one_line(node.field("name").text());
    layer.type = one_line(node.field("type").text());
    if (layer.type == "conv") find_weights(context, node, layer);
    if (layer.type == "pool") {
        node.field("pool");
        const auto window = pair(context, node, "pool", 1);
        layer.window = {window.begin(), window.end()};
    }
    layer.stride = pair(context, node, "stride", 1);
    layer.pad = read_pad(context, node);
    layer.is_plain = is_absent_or(node, "dilate", 1) && is_absent_or(node, "leak", 0);
    return layer;
}

/// Reads a layer that is only to be shown; if it cannot be read, its name and type are "?".
FileLayer read_spare_layer(const FileErrorContext& context, const MatNode& cells,
                           std::size_t index) {
    try {
        return read_layer(context, cells.cell(index), index);
    } catch (const Error&) {
        FileLayer layer{};
        layer.index = index;
        layer.name = layer.type = "?";
        return layer;
    }
}

/// Returns the field of a node that may be missing, unless the field is empty.
std::optional<MatNode> filled(const std::optional<MatNode>& node, const std::string& field) {
    if (!node || !node->is_struct()) return std::nullopt;
    auto found = node->find(field);
    if (found && found->is_empty()) return std::nullopt;
    return found;
}

}  // namespace

std::string FileLayer::title() const {
    return "layer " + name + " (index " + std::to_string(index) + ")";
}

Vgg19File::Vgg19File(const std::string& function, const std::filesystem::path& mat_file)
    : file(function, mat_file) {
    const FileErrorContext& context = file.context();
    // MatConvNet's own files hold the fields of a network, save(file, 'net') holds the network
    const auto& nets = file.outline().with_layers;
    if (!file.has("layers") && !nets.empty()) {
        const bool is_named = std::find(nets.begin(), nets.end(), "net") != nets.end();
        if (nets.size() > 1 && !is_named) {
            context.fail("has ", nets.size(), " networks, ", one_line(nets[0]), " and ",
                         one_line(nets[1]), nets.size() > 2 ? ", ..." : "", "; expected one");
        }
        net_ = file.variable(is_named ? "net" : nets[0]);
    }
    const auto& variables = file.outline().variables;
    const std::string only = variables.size() == 1 ? variables[0] : "net";
    if (!file.has("layers") && nets.empty() && file.has(only)) file.variable(only).require_read();
    const MatNode cells = net_ ? net_->field("layers") : file.variable("layers");
    cells.require_read();
    context.require(cells.is_cell() && cells.count() > 0 && cells.count() <= max_layers,
                    "has no cell array of layers in ", net_ ? cells.path() : "its variable layers");
    std::size_t pools = 0;
    for (std::size_t i = 0; i < cells.count(); ++i) {
        const bool is_needed = pools < pools_of_vgg;
        layers.push_back(is_needed ? read_layer(context, cells.cell(i), i)
                                   : read_spare_layer(context, cells, i));
        if (layers.back().type == "pool") ++pools;
        if (!first_conv_ && layers.back().type == "conv") first_conv_ = cells.cell(i);
    }
    meta_ = find("meta");
}

std::optional<MatNode> Vgg19File::find(const std::string& name) {
    if (net_) return net_->find(name);
    if (file.has(name)) return file.variable(name);
    return std::nullopt;
}

std::array<double, 3> Vgg19File::mean() {
    const FileErrorContext& context = file.context();
    std::optional<MatNode> normalization = filled(meta_, "normalization");
    if (!normalization) normalization = find("normalization");
    for (const auto& needed : {normalization, normalization ? std::nullopt : meta_}) {
        if (needed) needed->require_read();
    }
    const auto average = filled(normalization, "averageImage");
    context.require(average.has_value(), "has no mean image; expected meta.normalization.",
                    "averageImage (for the published VGG-19: 123.68, 116.779, 103.939)");
    average->require_read();
    const std::vector<std::size_t> shape = average->shape();
    const bool is_image = shape.size() == 3 && shape[2] == 3;
    context.require(is_image || average->count() == 3, "has a mean of ", shape_text(shape), " in ",
                    average->path(), "; expected three numbers or an image of HxWx3");
    const std::vector<double> values = average->values<double>();
    const std::size_t pixels = values.size() / 3;
    std::array<double, 3> mean{};
    for (std::size_t i = 0; i < values.size(); ++i) mean[i / pixels] += values[i];
    for (double& number : mean) {
        number /= static_cast<double>(pixels);
        context.require(number >= 0 && number <= 255, "has a mean of ", number, " in ",
                        average->path(), "; expected 0 to 255");
    }
    return mean;
}

std::string Vgg19File::description() {
    const auto node = filled(meta_, "description");
    constexpr std::size_t longest = 1000;
    return node && node->is_line() ? one_line(node->text(), longest) : std::string();
}

std::string Vgg19File::generation() const {
    const auto has = [&](const char* field) { return first_conv_ && first_conv_->find(field); };
    if (!first_conv_) return "no convolution";
    if (has("filters")) return "MatConvNet up to beta10 (filters, biases)";
    if (!meta_) return "MatConvNet beta11 to beta16 (weights, normalization)";
    if (has("dilate")) return "MatConvNet beta23 or later (weights, meta, dilate)";
    return "MatConvNet beta17 to beta22 (weights, meta)";
}

}  // namespace NST_PRECISION
}  // namespace nst
