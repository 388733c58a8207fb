// load_vgg19 on files of every generation, sound ones and such that are no VGG-19.
#include <cmath>
#include <cstdlib>
#include <limits>

#include "nst/vgg19.hpp"
#include "support/child.hpp"
#include "support/matio_writer.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"
#include "support/vgg19_mat.hpp"

using namespace nst_test;
using namespace nst_test::mat5;

namespace {

enum class Writer { by_hand, by_matio };

struct Written {
    TemporaryFolder folder;
    std::string path = (folder / "vgg19.mat").string();

    explicit Written(const Named& variables, bool is_compressed = false,
                     Writer writer = Writer::by_hand) {
        if (writer == Writer::by_matio) {
            write_with_matio(path, variables, is_compressed);
        } else {
            write_file(path, file(variables, is_compressed));
        }
    }
};

nst::Network load(const Named& variables) {
    const Written written(variables);
    return nst::load_vgg19(written.path);
}

/// What load_vgg19 says of the file, without the beginning that all its messages share.
std::string refusal(const Named& variables) {
    const Written written(variables);
    const std::string beginning = "load_vgg19: " + written.path + " ";
    const std::string message = error_of([&] { nst::load_vgg19(written.path); });
    CHECK(message.rfind(beginning, 0) == 0);
    return message.substr(std::min(message.size(), beginning.size()));
}

/// The same for a small VGG-19 of which one layer has been changed.
template <class Change>
std::string layer_refusal(std::size_t index, const Change& change) {
    Named variables = vgg19_variables();
    change(layer(variables, index));
    return refusal(variables);
}

std::string field_refusal(std::size_t index, const std::string& name, const Array& value) {
    return layer_refusal(index, [&](Array& fields) { field(fields, name) = value; });
}

template <class Change>
std::string mean_refusal(const Change& change) {
    Named variables = vgg19_variables();
    change(field(variable(variables, "meta"), "normalization"));
    return refusal(variables);
}

Array filters_of(Array& layer) {
    return field(layer, "weights").parts[0].second;
}
Array biases_of(Array& layer) {
    return field(layer, "weights").parts[1].second;
}

/// A sound layer with other weights.
Array with_weights(Array fields, const std::vector<Array>& weights) {
    field(fields, "weights") = cell(weights);
    return fields;
}

/// The first value of a conv layer that is not what made_up_filter and made_up_bias say.
std::string first_difference(const nst::Layer& conv, std::size_t index) {
    const auto& shape = conv.filters.shape();
    std::size_t i = 0;  // column by column: h fastest, C_out slowest
    for (std::size_t o = 0; o < shape[3]; ++o) {
        for (std::size_t c = 0; c < shape[2]; ++c) {
            for (std::size_t w = 0; w < shape[1]; ++w) {
                for (std::size_t h = 0; h < shape[0]; ++h, ++i) {
                    if (conv.filters(h, w, c, o) == nst::Real(made_up_filter(index, i))) continue;
                    return conv.name + " filter value " + std::to_string(i);
                }
            }
        }
        if (conv.bias(o) != nst::Real(made_up_bias(index, o))) {
            return conv.name + " bias " + std::to_string(o);
        }
    }
    return {};
}

void check_network(const nst::Network& network, const Vgg19Mat& options) {
    const std::vector<std::string> names = vgg19_layer_names(false);
    REQUIRE(network.layers.size() == names.size());
    std::size_t channels = 3;
    std::size_t block = 0;
    for (std::size_t index = 0; index < names.size(); ++index) {
        const nst::Layer& layer = network.layers[index];
        CHECK(layer.name == names[index]);
        if (layer.name.rfind("conv", 0) == 0) {
            REQUIRE(layer.kind == nst::LayerKind::conv);
            const std::size_t outputs = options.channels[block];
            REQUIRE(layer.filters.shape() == std::array<std::size_t, 4>{3, 3, channels, outputs});
            REQUIRE(layer.bias.size() == outputs);
            CHECK(first_difference(layer, index).empty());
            channels = outputs;
        } else {
            const bool is_pool = layer.name.rfind("pool", 0) == 0;
            CHECK(layer.kind == (is_pool ? nst::LayerKind::pool : nst::LayerKind::relu));
            CHECK(layer.filters.size() == 0);
            CHECK(layer.bias.size() == 0);
            if (is_pool) ++block;
        }
    }
    for (std::size_t c = 0; c < 3; ++c) CHECK(network.mean[c] == nst::Real(made_up_mean[c]));
}

/// Whether NumPy, which shows eight decimals or as many as tell one float from the next, would have
/// printed a float like this.
bool is_printed_as(double value, double printed) {
    constexpr double half_a_decimal = 5e-9;
    constexpr double half_a_float = 0x1p-24;  // relative: half the distance between two floats
    return std::abs(value - printed) <= half_a_decimal + half_a_float * std::abs(printed);
}

/// Where the published file is on this machine, as the nst command looks for it.
std::filesystem::path published_file() {
    if (const char* named = std::getenv("NST_WEIGHTS")) return named;
    const char* data = std::getenv("XDG_DATA_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path folder =
        data != nullptr ? std::filesystem::path(data)
                        : std::filesystem::path(home != nullptr ? home : "") / ".local/share";
    return folder / "nst" / "imagenet-vgg-verydeep-19.mat";
}

/// Whether it is there, and is one of the published ones and not another network of that name.
bool is_published(const std::filesystem::path& path) {
    return std::filesystem::exists(path) && !nst::inspect_vgg19(path, 1, 1).known_as.empty();
}

}  // namespace

TEST_CASE("load_vgg19: reads every generation of the file by whoever wrote it") {
    const auto generation = GENERATE(Generation::beta10, Generation::beta16, Generation::beta17,
                                     Generation::beta19, Generation::beta23);
    const auto writer = GENERATE(Writer::by_hand, Writer::by_matio);
    const bool is_compressed = GENERATE(false, true);
    Vgg19Mat options;
    options.generation = generation;
    for (const bool fully_connected : {false, true}) {
        for (const bool shuffled : {false, true}) {
            for (const bool rows : {false, true}) {
                options.fully_connected = fully_connected;
                options.shuffled = shuffled;
                options.biases_as_rows = rows;
                INFO(generation << (writer == Writer::by_hand ? " by hand" : " by matio")
                                << (is_compressed ? ", compressed" : "")
                                << (fully_connected ? ", fully connected" : "")
                                << (shuffled ? ", shuffled" : "") << (rows ? ", rows" : ""));
                const Written written(vgg19_variables(options), is_compressed, writer);
                check_network(nst::load_vgg19(written.path), options);
            }
        }
    }
}

TEST_CASE("load_vgg19: any number of channels is read from the arrays") {
    Vgg19Mat options;
    options.channels = {1, 2, 1, 17, 5};
    check_network(load(vgg19_variables(options)), options);
    options.channels = {16, 32, 64, 64, 64};
    check_network(load(vgg19_variables(options)), options);
}

TEST_CASE("load_vgg19: a last axis of length 1 may be missing") {
    Vgg19Mat options;
    options.channels = {1, 1, 1, 1, 1};
    Named variables = vgg19_variables(options);
    for (auto& [name, fields] : variable(variables, "layers").parts) {
        if (fields.parts[2].first != "weights") continue;
        Array& weights = field(fields, "weights");
        if (weights.parts.empty()) continue;
        std::vector<std::uint32_t>& dims = weights.parts[0].second.dims;
        while (dims.size() > 2 && dims.back() == 1) dims.pop_back();
    }
    REQUIRE(filters_of(layer(variables, 0)).dims == std::vector<std::uint32_t>{3, 3, 3});
    REQUIRE(filters_of(layer(variables, 2)).dims == std::vector<std::uint32_t>{3, 3});
    check_network(load(variables), options);
}

TEST_CASE("load_vgg19: asymmetric filters come out with height before width") {
    // every value spells its own place, as the format has it: h fastest, then w, C_in, C_out
    const auto spelled = [](std::size_t inputs) {
        return [inputs](std::size_t i) {
            const std::size_t h = i % 3, w = i / 3 % 3, c = i / 9 % inputs, o = i / 9 / inputs;
            return static_cast<double>(1000 * h + 100 * w + 10 * c + o);
        };
    };
    Named variables = vgg19_variables();
    Array& first = layer(variables, 0);
    first = with_weights(
        first, {numbers(mx_single, mi_single, {3, 3, 3, 2}, spelled(3)), biases_of(first)});
    for (const bool is_compressed : {false, true}) {
        const Written written(variables, is_compressed);
        const nst::Filters filters = nst::load_vgg19(written.path).layers[0].filters;
        for (std::size_t h = 0; h < 3; ++h) {
            for (std::size_t w = 0; w < 3; ++w) {
                for (std::size_t c = 0; c < 3; ++c) {
                    for (std::size_t o = 0; o < 2; ++o) {
                        CHECK(filters(h, w, c, o) ==
                              static_cast<nst::Real>(1000 * h + 100 * w + 10 * c + o));
                    }
                }
            }
        }
    }
}

TEST_CASE("load_vgg19: filters and biases of any number type are taken") {
    const auto small = [](std::size_t i) { return static_cast<double>(i % 100); };
    for (const auto& [array_class, stored] :
         std::vector<std::pair<Class, Type>>{{mx_double, mi_double},
                                             {mx_double, mi_uint8},
                                             {mx_single, mi_int16},
                                             {mx_int8, mi_int8},
                                             {mx_uint16, mi_uint16},
                                             {mx_int32, mi_int32},
                                             {mx_int64, mi_int64}}) {
        Named variables = vgg19_variables();
        Array& first = layer(variables, 0);
        first = with_weights(first, {numbers(array_class, stored, {3, 3, 3, 2}, small),
                                     numbers(array_class, stored, {2, 1}, small)});
        const nst::Layer conv = load(variables).layers[0];
        INFO("class " << array_class << " stored as " << stored);
        CHECK(conv.filters(1, 2, 1, 1) == 1 + 3 * 2 + 9 * 1 + 27 * 1);
        CHECK(conv.bias(1) == 1);
    }
}

TEST_CASE("load_vgg19: one number or two for pad and stride count for all sides") {
    for (const std::vector<double>& pad : {std::vector<double>{1}, {1, 1}, {1, 1, 1, 1}}) {
        Named variables = vgg19_variables();
        field(layer(variables, 0), "pad") = row(pad);
        field(layer(variables, 0), "stride") = row({1});
        field(layer(variables, 4), "stride") = row({2});
        field(layer(variables, 4), "pool") = row({2});
        check_network(load(variables), {});
    }
    for (const std::vector<double>& pad : {std::vector<double>{0}, {0, 0, 0, 0}, {0, 1, 0, 1}}) {
        Named variables = vgg19_variables();
        field(layer(variables, 4), "pad") = row(pad);
        check_network(load(variables), {});
    }
}

TEST_CASE("load_vgg19: what the fields may leave out is what MatConvNet fills in") {
    Named variables = vgg19_variables();
    remove_field(layer(variables, 0), "stride");
    remove_field(layer(variables, 0), "dilate");
    field(layer(variables, 2), "dilate") = Array{};
    remove_field(layer(variables, 1), "leak");
    remove_field(layer(variables, 4), "pad");
    remove_field(layer(variables, 4), "method");
    check_network(load(variables), {});
}

TEST_CASE("load_vgg19: the description comes in one line") {
    Named variables = vgg19_variables();
    CHECK(load(variables).description.empty());
    Array& meta = variable(variables, "meta");
    meta.parts.emplace_back("description", text("made by\na test"));
    CHECK(load(variables).description == "made by?a test");
    field(meta, "description") = row({1});
    CHECK(load(variables).description.empty());
}

TEST_CASE("load_vgg19: a mean of three numbers may lie in any direction") {
    for (const std::vector<std::uint32_t>& shape :
         {std::vector<std::uint32_t>{1, 3}, {3, 1}, {1, 1, 3}}) {
        Named variables = vgg19_variables();
        field(field(variable(variables, "meta"), "normalization"), "averageImage") =
            numbers(mx_double, mi_double, shape, {made_up_mean.begin(), made_up_mean.end()});
        check_network(load(variables), {});
    }
}

TEST_CASE("load_vgg19: a mean picture becomes its mean") {
    Named variables = vgg19_variables();
    field(field(variable(variables, "meta"), "normalization"), "averageImage") =
        numbers(mx_single, mi_single, {2, 1, 3}, std::vector<double>{10, 20, 30, 50, 0, 255});
    const nst::Network network = load(variables);
    CHECK(network.mean == std::array<nst::Real, 3>{15, 40, nst::Real(127.5)});
}

TEST_CASE("load_vgg19: a chain that ends before the fifth pool is taken as it is") {
    Named variables = vgg19_variables();
    Array& layers = variable(variables, "layers");
    layers.parts.resize(5);
    layers.dims = {1, 5};
    CHECK(load(variables).layers.size() == 5);
    layers.dims = {5, 1};
    CHECK(load(variables).layers.size() == 5);
}

TEST_CASE("load_vgg19: files without the variables of a network are refused") {
    CHECK(refusal({{"x", row({1})}}) == "has no variable layers; its variables are x");
    CHECK(refusal({{"net", structure(vgg19_variables())}}) ==
          "has no variable layers; its variables are net");
    const std::string no_cells = "has no cell array of layers in its variable layers";
    CHECK(refusal({{"layers", row({1})}}) == no_cells);
    CHECK(refusal({{"layers", structure({{"a", row({1})}})}}) == no_cells);
    CHECK(refusal({{"layers", cell({})}}) == no_cells);
    CHECK(refusal({{"layers", cell(std::vector<Array>(1001))}}) == no_cells);
    CHECK(refusal({{"layers", cell({row({1})})}}) == "has no struct at layers{1}");
    CHECK(refusal({{"layers", cell({Array{}})}}) == "has no struct at layers{1}");
    Named without_mean = vgg19_variables();
    without_mean.pop_back();
    CHECK(refusal(without_mean) ==
          "has no mean picture; expected meta.normalization.averageImage (for the published "
          "VGG-19: 123.68, 116.779, 103.939)");
    Named only_relu = vgg19_variables();
    Array& layers = variable(only_relu, "layers");
    layers = cell({layers.parts[1].second});
    CHECK(refusal(only_relu) == "has no conv layer");
}

TEST_CASE("load_vgg19: layers without the fields that they need are refused") {
    const auto without = [](std::size_t index, const std::string& name) {
        return layer_refusal(index, [&](Array& fields) { remove_field(fields, name); });
    };
    CHECK(without(0, "name") ==
          "has no field name in layers{1}; its fields are type, weights, "
          "size, pad, stride, precious, dilate, opts");
    CHECK(without(1, "type") ==
          "has no field type in layers{2}; its fields are name, leak, weights, precious");
    CHECK(without(0, "weights") ==
          "has no field weights in layers{1}; its fields are name, type, "
          "size, pad, stride, precious, dilate, opts");
    CHECK(without(4, "pool") ==
          "has no field pool in layers{5}; its fields are name, type, method, "
          "stride, pad, weights, precious, opts");
    CHECK(without(0, "pad") ==
          "has stride 1x1, pad 0x0x0x0 in layer conv1_1 (index 0); expected stride 1x1, pad "
          "1x1x1x1, no dilation");
    CHECK(without(4, "stride") ==
          "has a window of 2x2, stride 1x1, pad 0x1x0x1 in layer pool1 (index 4); expected window "
          "2x2, stride 2x2, pad 0x1x0x1 or 0");
    Vgg19Mat old;
    old.generation = Generation::beta10;
    Named variables = vgg19_variables(old);
    remove_field(layer(variables, 0), "biases");
    CHECK(refusal(variables) ==
          "has no field biases in layers{1}; its fields are filters, stride, "
          "pad, type, name");
}

TEST_CASE("load_vgg19: fields of another kind than they must be are refused") {
    CHECK(field_refusal(0, "name", row({1})) == "has no line of text at layers{1}.name");
    CHECK(field_refusal(0, "name", text("")) == "has a layer without a name (index 0)");
    CHECK(field_refusal(2, "name", text("conv1_1")) == "has two layers named conv1_1");
    CHECK(field_refusal(0, "type", cell({text("conv")})) ==
          "has no line of text at layers{1}.type");
    CHECK(
        field_refusal(0, "type", text("lrn\x1b[2J")) ==
        "has type lrn?[2J in layer conv1_1 (index 0); expected conv, relu or pool up to the fifth "
        "pool");
    CHECK(field_refusal(0, "weights", row({1})) == "has no cell at layers{1}.weights");
    CHECK(field_refusal(0, "weights", cell({row({1})})) ==
          "has 1 elements in layers{1}.weights; expected at least 2");
    CHECK(field_refusal(0, "stride", text("ab")) == "has no real numbers at layers{1}.stride");
    CHECK(field_refusal(0, "stride", row({1, 1, 1})) ==
          "has 3 numbers in layers{1}.stride; expected 1 or 2");
    CHECK(field_refusal(0, "pad", row({1, 1, 1})) ==
          "has 3 numbers in layers{1}.pad; expected 1, 2 or 4");
    CHECK(field_refusal(0, "pad", row({1, 1, 1, 1, 1})) ==
          "has 5 numbers in layers{1}.pad; expected 1 to 4");
    CHECK(field_refusal(0, "pad", row({1.5})) ==
          "has 1.5 in layers{1}.pad; expected a whole number");
    CHECK(field_refusal(0, "pad", row({-1})) == "has -1 in layers{1}.pad; expected a whole number");
    CHECK(field_refusal(0, "pad", row({std::nan("")})) ==
          "has nan in layers{1}.pad; expected a whole number");
    CHECK(field_refusal(0, "pad", row({1e300})) ==
          "has 1e+300 in layers{1}.pad; expected a whole number");
    CHECK(field_refusal(0, "stride", row({0})) == "has 0 in layers{1}.stride; expected at least 1");
    CHECK(field_refusal(4, "pool", row({2, 0})) == "has 0 in layers{5}.pool; expected at least 1");
}

TEST_CASE("load_vgg19: layers that this library does not compute are refused") {
    const std::string expected =
        " in layer conv1_1 (index 0); expected stride 1x1, pad 1x1x1x1, "
        "no dilation";
    CHECK(field_refusal(0, "stride", row({2, 2})) == "has stride 2x2, pad 1x1x1x1" + expected);
    CHECK(field_refusal(0, "stride", row({1, 2})) == "has stride 1x2, pad 1x1x1x1" + expected);
    CHECK(field_refusal(0, "pad", row({0})) == "has stride 1x1, pad 0x0x0x0" + expected);
    CHECK(field_refusal(0, "pad", row({1, 1, 1, 0})) == "has stride 1x1, pad 1x1x1x0" + expected);
    CHECK(field_refusal(0, "dilate", row({2})) ==
          "has stride 1x1, pad 1x1x1x1 and a dilation" + expected);
    CHECK(field_refusal(0, "dilate", row({1, 2})) ==
          "has stride 1x1, pad 1x1x1x1 and a dilation" + expected);
    CHECK(field_refusal(0, "dilate", text("x")) ==
          "has stride 1x1, pad 1x1x1x1 and a dilation" + expected);
    CHECK(field_refusal(1, "leak", row({0.1})) ==
          "has a leak in layer relu1_1 (index 1); expected none");
    const std::string pool =
        " in layer pool1 (index 4); expected window 2x2, stride 2x2, pad "
        "0x1x0x1 or 0";
    CHECK(field_refusal(4, "pool", row({3, 3})) ==
          "has a window of 3x3, stride 2x2, pad 0x1x0x1" + pool);
    CHECK(field_refusal(4, "pool", row({2, 3})) ==
          "has a window of 2x3, stride 2x2, pad 0x1x0x1" + pool);
    CHECK(field_refusal(4, "stride", row({1})) ==
          "has a window of 2x2, stride 1x1, pad 0x1x0x1" + pool);
    CHECK(field_refusal(4, "pad", row({1})) ==
          "has a window of 2x2, stride 2x2, pad 1x1x1x1" + pool);
    CHECK(field_refusal(4, "pad", row({0, 2, 0, 1})) ==
          "has a window of 2x2, stride 2x2, pad 0x2x0x1" + pool);
}

TEST_CASE("load_vgg19: filters and biases of wrong shapes are refused") {
    const auto zero = [](std::size_t) { return 0.0; };
    const auto weights = [&](const std::vector<std::uint32_t>& filters,
                             const std::vector<std::uint32_t>& biases) {
        return layer_refusal(2, [&](Array& fields) {
            field(fields, "weights") = cell({numbers(mx_single, mi_single, filters, zero),
                                             numbers(mx_single, mi_single, biases, zero)});
        });
    };
    const std::string layer = " in layer conv1_2 (index 2)";
    CHECK(weights({5, 5, 2, 2}, {2, 1}) ==
          "has filters of 5x5x2x2" + layer + "; expected 3x3xC_inxC_out");
    CHECK(weights({3, 2, 2, 2}, {2, 1}) ==
          "has filters of 3x2x2x2" + layer + "; expected 3x3xC_inxC_out");
    CHECK(weights({3, 3, 4, 2}, {2, 1}) ==
          "has filters of 3x3x4x2" + layer + "; expected 2 input channels, as many as reach it");
    CHECK(weights({3, 3, 2, 2}, {3, 1}) ==
          "has 3 biases" + layer + "; expected 2, one for each filter");
    CHECK(weights({3, 3, 2, 2}, {0, 0}) ==
          "has 0 biases" + layer + "; expected 2, one for each filter");
    CHECK(weights({3, 3, 2, 0}, {0, 1}) ==
          "has no filters" + layer + "; expected numbers as (h, w, C_in, C_out), got 3x3x2x0");
    CHECK(weights({3, 3, 2, 2, 2}, {2, 1}) ==
          "has no filters" + layer + "; expected numbers as (h, w, C_in, C_out), got 3x3x2x2x2");
}

TEST_CASE("load_vgg19: a network of more numbers than any VGG-19 has is refused") {
    // in bytes of one value such a file is small
    constexpr std::uint32_t width = 1365;
    Array filters = numbers(mx_single, mi_uint8, {3, 3, width, width}, std::vector<double>{});
    filters.body = element(mi_uint8, std::string(std::size_t{9} * width * width, 1));
    const Array biases = numbers(mx_single, mi_uint8, {1, width}, [](std::size_t) { return 0.0; });
    Array first = numbers(mx_single, mi_uint8, {3, 3, 3, width}, [](std::size_t) { return 1.0; });
    Named variables = vgg19_variables();
    std::vector<Array> layers;
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        Array conv = with_weights(layer(variables, 0), {layers.empty() ? first : filters, biases});
        field(conv, "name") = text(name);
        layers.push_back(conv);
    }
    variable(variables, "layers") = cell(layers);
    CHECK(refusal(variables) ==
          "has more than 2^26 numbers in the filters up to layer e (index "
          "4); no VGG-19 does");
}

TEST_CASE("load_vgg19: weights that are no numbers are refused") {
    const auto zero = [](std::size_t) { return 0.0; };
    Named variables = vgg19_variables();
    Array filters = filters_of(layer(variables, 0));
    Array biases = biases_of(layer(variables, 0));
    const auto weights = [&](const Array& new_filters, const Array& new_biases) {
        return field_refusal(0, "weights", cell({new_filters, new_biases}));
    };
    const std::string expected = "; expected numbers as (h, w, C_in, C_out), got ";
    Array characters = filters;
    characters.array_class = mx_char;
    characters.stored_as = mi_uint16;
    characters.value = [](std::size_t) { return 65.0; };
    CHECK(weights(characters, biases) ==
          "has no filters in layer conv1_1 (index 0)" + expected + "3x3x3x2");
    CHECK(weights(Array{}, biases) ==
          "has no filters in layer conv1_1 (index 0)" + expected + "0x0x1x1");
    CHECK(weights(filters, text("ab")) ==
          "has 2 biases in layer conv1_1 (index 0); expected 2, one for each filter");

    Array complex = filters;
    complex.flags = complex_flag;
    const std::string part = element(mi_single, std::string(54 * 4, '\0'));
    complex.body = part + part;
    CHECK(weights(complex, biases) == "has no real numbers at layers{1}.weights{1}");

    for (const double bad : {std::numeric_limits<double>::infinity(), std::nan("")}) {
        const auto one_bad = [bad](std::size_t i) { return i == 1 ? bad : 0.0; };
        CHECK(weights(numbers(mx_single, mi_single, {3, 3, 3, 2}, one_bad), biases) ==
              "has a filter value that is not a finite number in layer conv1_1 (index 0)");
        CHECK(weights(filters, numbers(mx_single, mi_single, {2, 1}, one_bad)) ==
              "has a bias that is not a finite number in layer conv1_1 (index 0)");
    }
    CHECK(weights(numbers(mx_double, mi_uint8, {4096, 4096}, zero), biases) ==
          "has filters of 4096x4096x1x1 in layer conv1_1 (index 0); expected 3x3xC_inxC_out");
}

#ifndef NST_DOUBLE
TEST_CASE("load_vgg19: a number too large for single precision is refused") {
    const auto huge = [](std::size_t) { return 1e300; };
    Named variables = vgg19_variables();
    const Array biases = biases_of(layer(variables, 0));
    CHECK(field_refusal(0, "weights",
                        cell({numbers(mx_double, mi_double, {3, 3, 3, 2}, huge), biases})) ==
          "has a filter value that is not a finite number in layer conv1_1 (index 0)");
}
#endif

TEST_CASE("load_vgg19: means that are none are refused") {
    const auto mean = [](const Array& value) {
        return mean_refusal([&](Array& fields) { field(fields, "averageImage") = value; });
    };
    const std::string none =
        "has no mean picture; expected meta.normalization.averageImage (for "
        "the published VGG-19: 123.68, 116.779, 103.939)";
    const std::string at = " in meta.normalization.averageImage; expected ";
    CHECK(mean_refusal([](Array& fields) { remove_field(fields, "averageImage"); }) == none);
    CHECK(mean_refusal([](Array& fields) { fields = row({1, 2, 3}); }) == none);
    CHECK(mean(cell({})) == none);
    CHECK(mean(row({1, 2})) == "has a mean of 1x2" + at + "three numbers or a picture of HxWx3");
    CHECK(mean(row({1, 2, 3, 4, 5, 6})) ==
          "has a mean of 1x6" + at + "three numbers or a picture of HxWx3");
    CHECK(mean(row({1, 2, 256})) == "has a mean of 256" + at + "0 to 255");
    CHECK(mean(row({1, -2, 3})) == "has a mean of -2" + at + "0 to 255");
    CHECK(mean(row({1, std::nan(""), 3})) == "has a mean of nan" + at + "0 to 255");
    CHECK(mean(text("abc")) == "has no real numbers at meta.normalization.averageImage");
}

TEST_CASE("load_vgg19: the published conv1_1 has its published numbers") {
    const std::filesystem::path path = published_file();
    if (!is_published(path)) {
        WARN("skipped: no published weights at " << path
                                                 << "; $NST_WEIGHTS may name another place");
        return;
    }
    // Filter 0: nine rows (h, w), each with R, G, B; as loaders and notebooks print the file.
    constexpr std::array<std::array<double, 3>, 9> published = {
        {{0.39416704, 0.46418372, 0.34119523},
         {0.37740308, 0.41810837, 0.33999205},
         {-0.04594866, -0.04806903, -0.04484424},
         {0.2671299, 0.30511212, 0.23215917},
         {0.09986369, 0.10385381, 0.08978214},
         {-0.34100872, -0.37314063, -0.30331427},
         {-0.07573577, -0.07646758, -0.07260918},
         {-0.28034249, -0.31070709, -0.246675},
         {-0.41602272, -0.46453714, -0.33683276}}};
    constexpr std::array<double, 5> biases = {0.73017758, 0.06493629, 0.03428847, 0.8260386,
                                              0.2578029};
    const nst::Layer conv = nst::load_vgg19(path).layers.at(0);
    REQUIRE(conv.filters.shape() == std::array<std::size_t, 4>{3, 3, 3, 64});
    for (std::size_t place = 0; place < 9; ++place) {
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(is_printed_as(conv.filters(place / 3, place % 3, c, 0), published[place][c]));
        }
    }
    for (std::size_t o = 0; o < biases.size(); ++o) {
        CHECK(is_printed_as(conv.bias(o), biases[o]));
    }
    CHECK(is_printed_as(conv.bias(63), 0.4072122));
}

TEST_CASE("load_vgg19 and inspect_vgg19: the fully connected layers are never held") {
    // fc6 has 7x7x6x60000 numbers, 71 MB, behind a network of a few kilobytes
    constexpr std::uint64_t little = 16
                                     << 20;  // less than a quarter of fc6; buffers have a megabyte
    Vgg19Mat options;
    options.fully_connected = true;
    options.fully_connected_outputs = {60000, 8, 9};
    const bool is_compressed = GENERATE(false, true);
    const TemporaryFolder folder;
    const std::filesystem::path path = folder / "large.mat";
    stream_file(
        path,
        vgg19_variables(options, [](std::size_t, bool) { return [](std::size_t) { return 0.0; }; }),
        is_compressed);
    const std::uint64_t nothing = run_in_child([] { return 0; }).peak_bytes;
    const ChildResult loaded =
        run_in_child([&] { return nst::load_vgg19(path).layers.size() == 37 ? 0 : 1; });
    CHECK(loaded.exit_code == 0);
    CHECK(loaded.peak_bytes < nothing + little);
    const ChildResult inspected = run_in_child(
        [&] { return nst::inspect_vgg19(path, 300, 400).layers.size() == 43 ? 0 : 1; });
    CHECK(inspected.exit_code == 0);
    CHECK(inspected.peak_bytes < nothing + little);
}
