#include "support/vgg19_mat.hpp"

#include <algorithm>
#include <stdexcept>

namespace nst_test {

using namespace mat5;

namespace {

constexpr std::array<std::uint32_t, 5> convolutions = {2, 2, 4, 4, 4};

std::string numbered(const std::string& kind, std::size_t block, std::size_t place) {
    return kind + std::to_string(block) + "_" + std::to_string(place);
}

/// Writes one layer after another in the layout of the generation.
class LayerWriter {
  public:
    LayerWriter(const Vgg19Mat& options, const Values& values)
        : options_(options), values_(values) {}

    void conv(const std::string& name, std::vector<std::uint32_t> shape, double pad) {
        const std::size_t index = layers_.size();
        const std::uint32_t outputs = shape.back();
        const bool row = options_.biases_as_rows || options_.generation == Generation::beta16;
        const std::vector<std::uint32_t> bias_shape =
            row ? std::vector<std::uint32_t>{1, outputs} : std::vector<std::uint32_t>{outputs, 1};
        const Array filters = numbers(mx_single, mi_single, shape, values_(index, false));
        const Array biases = numbers(mx_single, mi_single, bias_shape, values_(index, true));
        const mat5::Array size = row_of(shape);
        const Array pads = mat5::row({pad, pad, pad, pad});
        const Array stride = mat5::row({1, 1});
        switch (options_.generation) {
            case Generation::beta10:
                add({{"filters", filters},
                     {"biases", biases},
                     {"stride", mat5::row({1})},
                     {"pad", mat5::row({pad})},
                     {"type", text("conv")},
                     {"name", text(name)}});
                break;
            case Generation::beta16:
                add({{"weights", cell({filters, biases})},
                     {"pad", pads},
                     {"type", text("conv")},
                     {"name", text(name)},
                     {"stride", stride}});
                break;
            default:
                Named fields = {{"name", text(name)},
                                {"type", text("conv")},
                                {"weights", cell({filters, biases})},
                                {"size", size},
                                {"pad", pads},
                                {"stride", stride}};
                tidy(fields, true);
                add(std::move(fields));
        }
    }

    void relu(const std::string& name) {
        Named fields = {{"type", text("relu")}, {"name", text(name)}};
        if (is_tidied()) {
            fields = {{"name", text(name)},
                      {"type", text("relu")},
                      {"leak", mat5::row({0})},
                      {"weights", cell({})},
                      {"precious", logical(false)}};
        }
        add(std::move(fields));
    }

    void pool(const std::string& name) {
        const Array window = mat5::row({2, 2});
        const Array pad = mat5::row({0, 1, 0, 1});
        Named fields = {{"name", text(name)},   {"stride", window},      {"pad", pad},
                        {"type", text("pool")}, {"method", text("max")}, {"pool", window}};
        if (is_tidied()) {
            fields = {{"name", text(name)}, {"type", text("pool")}, {"method", text("max")},
                      {"pool", window},     {"stride", window},     {"pad", pad},
                      {"weights", cell({})}};
            tidy(fields, false);
        }
        add(std::move(fields));
    }

    void softmax() { add({{"name", text("prob")}, {"type", text("softmax")}}); }

    std::vector<Array> take() { return std::move(layers_); }

  private:
    static Array row_of(const std::vector<std::uint32_t>& shape) {
        return mat5::row({shape.begin(), shape.end()});
    }
    bool is_tidied() const { return options_.generation >= Generation::beta17; }

    /// Fields that vl_simplenn_tidy added over time.
    void tidy(Named& fields, bool is_conv) const {
        if (options_.generation >= Generation::beta19)
            fields.emplace_back("precious", logical(false));
        if (is_conv && options_.generation >= Generation::beta23) {
            fields.emplace_back("dilate", mat5::row({1}));
        }
        if (options_.generation >= Generation::beta19) fields.emplace_back("opts", cell({}));
    }

    void add(Named fields) {
        // each layer gets a different field order, so that no index can replace a name
        const auto turn = static_cast<std::ptrdiff_t>(layers_.size() % fields.size());
        if (options_.shuffled) std::rotate(fields.begin(), fields.begin() + turn, fields.end());
        layers_.push_back(structure(std::move(fields)));
    }

    const Vgg19Mat& options_;
    const Values& values_;
    std::vector<Array> layers_;
};

void add_fully_connected(LayerWriter& writer, const Vgg19Mat& options) {
    const auto& outputs = options.fully_connected_outputs;
    writer.conv("fc6", {7, 7, options.channels[4], outputs[0]}, 0);
    writer.relu("relu6");
    writer.conv("fc7", {1, 1, outputs[0], outputs[1]}, 0);
    writer.relu("relu7");
    writer.conv("fc8", {1, 1, outputs[1], outputs[2]}, 0);
    writer.softmax();
}

Array layers_variable(const Vgg19Mat& options, const Values& values) {
    LayerWriter writer(options, values);
    std::uint32_t channels = 3;
    for (std::size_t block = 0; block < options.channels.size(); ++block) {
        for (std::uint32_t place = 0; place < convolutions[block]; ++place) {
            writer.conv(numbered("conv", block + 1, place + 1),
                        {3, 3, channels, options.channels[block]}, 1);
            writer.relu(numbered("relu", block + 1, place + 1));
            channels = options.channels[block];
        }
        writer.pool("pool" + std::to_string(block + 1));
    }
    if (options.fully_connected) add_fully_connected(writer, options);
    return cell(writer.take());
}

/// The mean as three numbers, or before 2016 as an image whose columns vary around them.
Array mean_variable(const Vgg19Mat& options) {
    constexpr std::uint32_t side = 224;
    if (options.generation > Generation::beta16) {
        return numbers(mx_single, mi_single, {1, 1, 3}, {made_up_mean.begin(), made_up_mean.end()});
    }
    return numbers(mx_single, mi_single, {side, side, 3}, [](std::size_t i) {
        const std::size_t column = i / side % side;
        return made_up_mean[i / (side * side)] + (column % 2 == 0 ? 0.5 : -0.5);
    });
}

Array normalization_variable(const Vgg19Mat& options) {
    Named fields = {{"imageSize", mat5::row({224, 224, 3})},
                    {"keepAspect", logical(true)},
                    {"averageImage", mean_variable(options)},
                    {"border", mat5::row({32, 32})},
                    {"interpolation", text("bicubic")}};
    if (options.shuffled) std::reverse(fields.begin(), fields.end());
    return structure(std::move(fields));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Generation generation) {
    constexpr std::array<const char*, 5> names = {"beta10", "beta16", "beta17", "beta19", "beta23"};
    return out << names[static_cast<std::size_t>(generation)];
}

double made_up_filter(std::size_t layer, std::size_t i) {
    return (static_cast<double>((layer * 131 + i * 31) % 4093) - 2046) / 1024;
}

double made_up_bias(std::size_t layer, std::size_t i) {
    return static_cast<double>(layer * 64 + i) / 32 - 20;
}

Named vgg19_variables(const Vgg19Mat& options) {
    return vgg19_variables(options, [](std::size_t layer, bool is_bias) {
        return [layer, is_bias](std::size_t i) {
            return is_bias ? made_up_bias(layer, i) : made_up_filter(layer, i);
        };
    });
}

Named vgg19_variables(const Vgg19Mat& options, const Values& values) {
    const Array layers = layers_variable(options, values);
    const Array normalization = normalization_variable(options);
    const Array classes =
        structure({{"name", cell({text("n01440764")})}, {"description", cell({text("tench")})}});
    Named variables = {{"layers", layers}, {"classes", classes}, {"normalization", normalization}};
    if (options.generation > Generation::beta16) {
        variables = {{"layers", layers},
                     {"meta", structure({{"inputs", cell({})},
                                         {"classes", classes},
                                         {"normalization", normalization}})}};
    }
    if (options.shuffled) std::reverse(variables.begin(), variables.end());
    return variables;
}

Array& variable(Named& variables, const std::string& name) {
    for (auto& [own, array] : variables) {
        if (own == name) return array;
    }
    throw std::out_of_range("no variable " + name);
}

Array& layer(Named& variables, std::size_t index) {
    return variable(variables, "layers").parts.at(index).second;
}

std::vector<std::string> vgg19_layer_names(bool fully_connected) {
    std::vector<std::string> names;
    for (std::size_t block = 0; block < convolutions.size(); ++block) {
        for (std::uint32_t place = 0; place < convolutions[block]; ++place) {
            names.push_back(numbered("conv", block + 1, place + 1));
            names.push_back(numbered("relu", block + 1, place + 1));
        }
        names.push_back("pool" + std::to_string(block + 1));
    }
    if (fully_connected) {
        names.insert(names.end(), {"fc6", "relu6", "fc7", "relu7", "fc8", "prob"});
    }
    return names;
}

}  // namespace nst_test
