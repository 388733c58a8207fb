// load_vgg19 on files that are not a VGG-19.
#include <algorithm>
#include <limits>

#include "support/one_line_error.hpp"
#include "vgg19_files.hpp"

using namespace nst_test;

namespace {

/// The message of load_vgg19 for the file, without the prefix that all its messages share.
std::string message(const Named& variables) {
    const Written written(variables);
    const std::string beginning = "load_vgg19: " + written.path + " ";
    const std::string message = error_of([&] { nst::load_vgg19(written.path); });
    CHECK(message.rfind(beginning, 0) == 0);
    return message.substr(std::min(message.size(), beginning.size()));
}

/// The same for a small VGG-19 with one changed layer.
template <class Change>
std::string layer_message(std::size_t index, const Change& change) {
    Named variables = vgg19_variables();
    change(layer(variables, index));
    return message(variables);
}

std::string field_message(std::size_t index, const std::string& name, const Array& value) {
    return layer_message(index, [&](Array& fields) { field(fields, name) = value; });
}

template <class Change>
std::string mean_message(const Change& change) {
    Named variables = vgg19_variables();
    change(field(variable(variables, "meta"), "normalization"));
    return message(variables);
}

}  // namespace

TEST_CASE("load_vgg19: rejects files without the variables of a network") {
    CHECK(message({{"x", row({1})}}) == "has no variable layers; its variables are x");
    CHECK(message({{"net", structure({{"a", row({1})}})}}) ==
          "has no variable layers; its variables are net");
    CHECK(message({{"net", structure({{"layers", row({1})}})}}) ==
          "has no cell array of layers in net.layers");
    const std::string no_cells = "has no cell array of layers in its variable layers";
    CHECK(message({{"layers", row({1})}}) == no_cells);
    CHECK(message({{"layers", structure({{"a", row({1})}})}}) == no_cells);
    CHECK(message({{"layers", cell({})}}) == no_cells);
    CHECK(message({{"layers", cell(std::vector<Array>(1001))}}) == no_cells);
    CHECK(message({{"layers", cell({row({1})})}}) == "has no struct at layers{1}");
    CHECK(message({{"layers", cell({Array{}})}}) == "has no struct at layers{1}");
    Named without_mean = vgg19_variables();
    without_mean.pop_back();
    CHECK(message(without_mean) ==
          "has no mean image; expected meta.normalization.averageImage (for the published "
          "VGG-19: 123.68, 116.779, 103.939)");
    Named only_relu = vgg19_variables();
    Array& layers = variable(only_relu, "layers");
    layers = cell({layers.parts[1].second});
    CHECK(message(only_relu) == "has no conv layer");
}

TEST_CASE("load_vgg19: names an array that it needs and cannot read") {
    Array date = numbers(mx_opaque, mi_double, {}, std::vector<double>{});
    date.body = element(mi_int8, "MCOS") + element(mi_int8, "datetime") + bytes(row({1}));
    const std::string has = "has an object of class datetime at ";
    const std::string end = ", which nst cannot read";
    CHECK(message({{"layers", date}}) == has + "layers" + end);
    CHECK(message({{"net", date}}) == has + "net" + end);
    CHECK(message({{"net", structure({{"layers", date}})}}) == has + "net.layers" + end);
    CHECK(layer_message(3, [&](Array& fields) { fields = date; }) == has + "layers{4}" + end);
    for (const std::string name : {"name", "type", "weights", "stride", "pad", "dilate"}) {
        CHECK(field_message(0, name, date) == has + "layers{1}." + name + end);
    }
    CHECK(field_message(1, "leak", date) == has + "layers{2}.leak" + end);
    CHECK(field_message(4, "pool", date) == has + "layers{5}.pool" + end);
    Named sound = vgg19_variables();
    const Array weights = field(layer(sound, 0), "weights");
    CHECK(field_message(0, "weights", cell({date, weights.parts[1].second})) ==
          has + "layers{1}.weights{1}" + end);
    CHECK(field_message(0, "weights", cell({weights.parts[0].second, date})) ==
          has + "layers{1}.weights{2}" + end);
    Named variables = vgg19_variables();
    variable(variables, "meta") = date;
    CHECK(message(variables) == has + "meta" + end);
    CHECK(mean_message([&](Array& fields) { fields = date; }) == has + "meta.normalization" + end);
    CHECK(mean_message([&](Array& fields) { field(fields, "averageImage") = date; }) ==
          has + "meta.normalization.averageImage" + end);
}

TEST_CASE("load_vgg19: rejects layers with missing fields") {
    const auto without = [](std::size_t index, const std::string& name) {
        return layer_message(index, [&](Array& fields) { remove_field(fields, name); });
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
    CHECK(message(variables) ==
          "has no field biases in layers{1}; its fields are filters, stride, "
          "pad, type, name");
}

TEST_CASE("load_vgg19: rejects fields of the wrong kind") {
    CHECK(field_message(0, "name", row({1})) == "has no line of text at layers{1}.name");
    CHECK(field_message(0, "name", text("")) == "has a layer without a name (index 0)");
    CHECK(field_message(2, "name", text("conv1_1")) == "has two layers named conv1_1");
    CHECK(field_message(0, "type", cell({text("conv")})) ==
          "has no line of text at layers{1}.type");
    CHECK(
        field_message(0, "type", text("lrn\x1b[2J")) ==
        "has type lrn?[2J in layer conv1_1 (index 0); expected conv, relu or pool up to the fifth "
        "pool");
    CHECK(field_message(0, "weights", row({1})) == "has no cell at layers{1}.weights");
    CHECK(field_message(0, "weights", cell({row({1})})) ==
          "has 1 elements in layers{1}.weights; expected at least 2");
    CHECK(field_message(0, "stride", text("ab")) == "has no real numbers at layers{1}.stride");
    CHECK(field_message(0, "stride", row({1, 1, 1})) ==
          "has 3 numbers in layers{1}.stride; expected 1 or 2");
    CHECK(field_message(0, "pad", row({1, 1, 1})) ==
          "has 3 numbers in layers{1}.pad; expected 1, 2 or 4");
    CHECK(field_message(0, "pad", row({1, 1, 1, 1, 1})) ==
          "has 5 numbers in layers{1}.pad; expected 1 to 4");
    CHECK(field_message(0, "pad", row({1.5})) ==
          "has 1.5 in layers{1}.pad; expected a whole number");
    CHECK(field_message(0, "pad", row({-1})) == "has -1 in layers{1}.pad; expected a whole number");
    CHECK(field_message(0, "pad", row({std::nan("")})) ==
          "has nan in layers{1}.pad; expected a whole number");
    CHECK(field_message(0, "pad", row({1e300})) ==
          "has 1e+300 in layers{1}.pad; expected a whole number");
    CHECK(field_message(0, "stride", row({0})) == "has 0 in layers{1}.stride; expected at least 1");
    CHECK(field_message(4, "pool", row({2, 0})) == "has 0 in layers{5}.pool; expected at least 1");
}

TEST_CASE("load_vgg19: rejects layers that this library does not implement") {
    const std::string expected =
        " in layer conv1_1 (index 0); expected stride 1x1, pad 1x1x1x1, "
        "no dilation";
    CHECK(field_message(0, "stride", row({2, 2})) == "has stride 2x2, pad 1x1x1x1" + expected);
    CHECK(field_message(0, "stride", row({1, 2})) == "has stride 1x2, pad 1x1x1x1" + expected);
    CHECK(field_message(0, "pad", row({0})) == "has stride 1x1, pad 0x0x0x0" + expected);
    CHECK(field_message(0, "pad", row({1, 1, 1, 0})) == "has stride 1x1, pad 1x1x1x0" + expected);
    CHECK(field_message(0, "dilate", row({2})) ==
          "has stride 1x1, pad 1x1x1x1 and a dilation" + expected);
    CHECK(field_message(0, "dilate", row({1, 2})) ==
          "has stride 1x1, pad 1x1x1x1 and a dilation" + expected);
    CHECK(field_message(0, "dilate", text("x")) ==
          "has stride 1x1, pad 1x1x1x1 and a dilation" + expected);
    CHECK(field_message(1, "leak", row({0.1})) ==
          "has a leak in layer relu1_1 (index 1); expected none");
    const std::string pool =
        " in layer pool1 (index 4); expected window 2x2, stride 2x2, pad "
        "0x1x0x1 or 0";
    CHECK(field_message(4, "pool", row({3, 3})) ==
          "has a window of 3x3, stride 2x2, pad 0x1x0x1" + pool);
    CHECK(field_message(4, "pool", row({2, 3})) ==
          "has a window of 2x3, stride 2x2, pad 0x1x0x1" + pool);
    CHECK(field_message(4, "stride", row({1})) ==
          "has a window of 2x2, stride 1x1, pad 0x1x0x1" + pool);
    CHECK(field_message(4, "pad", row({1})) ==
          "has a window of 2x2, stride 2x2, pad 1x1x1x1" + pool);
    CHECK(field_message(4, "pad", row({0, 2, 0, 1})) ==
          "has a window of 2x2, stride 2x2, pad 0x2x0x1" + pool);
    CHECK(field_message(4, "pad", row({0, 1, 0, 2})) ==
          "has a window of 2x2, stride 2x2, pad 0x1x0x2" + pool);
}

TEST_CASE("load_vgg19: rejects filters and biases of wrong shapes") {
    const auto zero = [](std::size_t) { return 0.0; };
    const auto weights = [&](const std::vector<std::uint32_t>& filters,
                             const std::vector<std::uint32_t>& biases) {
        return layer_message(2, [&](Array& fields) {
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

TEST_CASE("load_vgg19: rejects a network with more weights than any VGG-19") {
    // such a file is small when it consists of equal bytes
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
    CHECK(message(variables) ==
          "has more than 2^26 numbers in the filters up to layer e (index "
          "4); no VGG-19 does");
}

TEST_CASE("load_vgg19: rejects weights that are not finite numbers") {
    const auto zero = [](std::size_t) { return 0.0; };
    Named variables = vgg19_variables();
    Array filters = filters_of(layer(variables, 0));
    Array biases = biases_of(layer(variables, 0));
    const auto weights = [&](const Array& new_filters, const Array& new_biases) {
        return field_message(0, "weights", cell({new_filters, new_biases}));
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
TEST_CASE("load_vgg19: rejects a number too large for single precision") {
    const auto huge = [](std::size_t) { return 1e300; };
    Named variables = vgg19_variables();
    const Array biases = biases_of(layer(variables, 0));
    CHECK(field_message(0, "weights",
                        cell({numbers(mx_double, mi_double, {3, 3, 3, 2}, huge), biases})) ==
          "has a filter value that is not a finite number in layer conv1_1 (index 0)");
}
#endif

TEST_CASE("load_vgg19: rejects invalid means") {
    const auto mean = [](const Array& value) {
        return mean_message([&](Array& fields) { field(fields, "averageImage") = value; });
    };
    const std::string none =
        "has no mean image; expected meta.normalization.averageImage (for "
        "the published VGG-19: 123.68, 116.779, 103.939)";
    const std::string at = " in meta.normalization.averageImage; expected ";
    CHECK(mean_message([](Array& fields) { remove_field(fields, "averageImage"); }) == none);
    CHECK(mean_message([](Array& fields) { fields = row({1, 2, 3}); }) == none);
    CHECK(mean(cell({})) == none);
    CHECK(mean(row({1, 2})) == "has a mean of 1x2" + at + "three numbers or an image of HxWx3");
    CHECK(mean(row({1, 2, 3, 4, 5, 6})) ==
          "has a mean of 1x6" + at + "three numbers or an image of HxWx3");
    CHECK(mean(row({1, 2, 256})) == "has a mean of 256" + at + "0 to 255");
    CHECK(mean(row({1, -2, 3})) == "has a mean of -2" + at + "0 to 255");
    CHECK(mean(row({1, std::nan(""), 3})) == "has a mean of nan" + at + "0 to 255");
    CHECK(mean(text("abc")) == "has no real numbers at meta.normalization.averageImage");
}
