// load_vgg19 on files of every generation.
#include <cmath>
#include <cstdlib>

#include "support/child.hpp"
#include "support/one_line_error.hpp"
#include "vgg19_files.hpp"

using namespace nst_test;

namespace {

nst::Network load(const Named& variables) {
    const Written written(variables);
    return nst::load_vgg19(written.path);
}

/// The first value of a conv layer that differs from made_up_filter and made_up_bias.
std::string first_difference(const nst::Layer& conv, std::size_t index) {
    const auto& shape = conv.filters.shape();
    std::size_t i = 0;  // column-major: h fastest, C_out slowest
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

/// Whether NumPy, which prints up to eight decimals and only as many as distinguish the float,
/// would print it like this.
bool is_printed_as(double value, double printed) {
    constexpr double half_a_decimal = 5e-9;
    constexpr double half_a_float = 0x1p-24;  // relative: half the spacing of floats
    return std::abs(value - printed) <= half_a_decimal + half_a_float * std::abs(printed);
}

/// The path of the published file on this machine, searched for as the nst command does.
std::filesystem::path published_file() {
    if (const char* named = std::getenv("NST_WEIGHTS")) return named;
    const char* data = std::getenv("XDG_DATA_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path folder =
        data != nullptr ? std::filesystem::path(data)
                        : std::filesystem::path(home != nullptr ? home : "") / ".local/share";
    return folder / "nst" / "imagenet-vgg-verydeep-19.mat";
}

/// Whether the file exists and is one of the published ones, not a different network of the same
/// name.
bool is_published(const std::filesystem::path& path) {
    return std::filesystem::exists(path) && !nst::inspect_vgg19(path, 1, 1).known_as.empty();
}

}  // namespace

TEST_CASE("load_vgg19: reads every generation of the file from every writer") {
    const auto generation = GENERATE(Generation::beta10, Generation::beta16, Generation::beta17,
                                     Generation::beta19, Generation::beta23);
    const auto writer = GENERATE(Writer::by_hand, Writer::by_matio, Writer::by_matio_73);
    const bool is_compressed = GENERATE(false, true);
    Vgg19Mat options;
    options.generation = generation;
    for (const bool fully_connected : {false, true}) {
        for (const bool shuffled : {false, true}) {
            for (const bool rows : {false, true}) {
                options.fully_connected = fully_connected;
                options.shuffled = shuffled;
                options.biases_as_rows = rows;
                INFO(generation << (writer == Writer::by_hand    ? " by hand"
                                    : writer == Writer::by_matio ? " by matio"
                                                                 : " as 7.3")
                                << (is_compressed ? ", compressed" : "")
                                << (fully_connected ? ", fully connected" : "")
                                << (shuffled ? ", shuffled" : "") << (rows ? ", rows" : ""));
                const Written written(vgg19_variables(options), is_compressed, writer);
                check_network(nst::load_vgg19(written.path), options);
            }
        }
    }
}

TEST_CASE("load_vgg19: takes the number of channels from the arrays") {
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
    // every value encodes its own index in the order of the format: h fastest, then w, C_in, C_out
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

TEST_CASE("load_vgg19: accepts filters and biases of any number type") {
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

TEST_CASE("load_vgg19: one or two numbers for pad and stride apply to all sides") {
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

TEST_CASE("load_vgg19: fills in missing fields with MatConvNet's defaults") {
    Named variables = vgg19_variables();
    remove_field(layer(variables, 0), "stride");
    remove_field(layer(variables, 0), "dilate");
    field(layer(variables, 2), "dilate") = Array{};
    remove_field(layer(variables, 1), "leak");
    remove_field(layer(variables, 4), "pad");
    remove_field(layer(variables, 4), "method");
    check_network(load(variables), {});
}

TEST_CASE("load_vgg19: the description is one line") {
    Named variables = vgg19_variables();
    CHECK(load(variables).description.empty());
    Array& meta = variable(variables, "meta");
    meta.parts.emplace_back("description", text("made by\na test"));
    CHECK(load(variables).description == "made by?a test");
    const std::string longer(300, 'x');
    field(meta, "description") = text(longer);
    CHECK(load(variables).description == longer);
    field(meta, "description") = row({1});
    CHECK(load(variables).description.empty());
}

TEST_CASE("load_vgg19: a mean of three numbers may lie along any axis") {
    for (const std::vector<std::uint32_t>& shape :
         {std::vector<std::uint32_t>{1, 3}, {3, 1}, {1, 1, 3}}) {
        Named variables = vgg19_variables();
        field(field(variable(variables, "meta"), "normalization"), "averageImage") =
            numbers(mx_double, mi_double, shape, {made_up_mean.begin(), made_up_mean.end()});
        check_network(load(variables), {});
    }
}

TEST_CASE("load_vgg19: reduces a mean image to its mean") {
    Named variables = vgg19_variables();
    field(field(variable(variables, "meta"), "normalization"), "averageImage") =
        numbers(mx_single, mi_single, {2, 1, 3}, std::vector<double>{10, 20, 30, 50, 0, 255});
    const nst::Network network = load(variables);
    CHECK(network.mean == std::array<nst::Real, 3>{15, 40, nst::Real(127.5)});
}

TEST_CASE("load_vgg19: accepts a network that ends before the fifth pooling") {
    Named variables = vgg19_variables();
    Array& layers = variable(variables, "layers");
    layers.parts.resize(5);
    layers.dims = {1, 5};
    CHECK(load(variables).layers.size() == 5);
    layers.dims = {5, 1};
    CHECK(load(variables).layers.size() == 5);
}

TEST_CASE("load_vgg19: the published conv1_1 has the known values") {
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

TEST_CASE("load_vgg19 and inspect_vgg19: never hold the fully connected layers in memory") {
    // fc6 has 7x7x6x60000 numbers, 71 MB, after a network of a few kilobytes
    constexpr std::uint64_t little = 16
                                     << 20;  // less than a quarter of fc6; buffers take a megabyte
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

namespace {

/// What MATLAB may write beside the layers: each is skipped.
std::vector<Array> foreign_arrays() {
    const auto of_class = [](std::uint32_t array_class, const std::string& body) {
        Array array = numbers(array_class, mi_double, {1, 1}, std::vector<double>{});
        array.body = body;
        return array;
    };
    Array opaque = of_class(
        mx_opaque, element(mi_int8, "MCOS") + element(mi_int8, "datetime") + bytes(row({1, 2, 3})));
    Array wide = numbers(mx_double, mi_double, {1, 1, 1, 1, 1, 1, 1, 1, 2}, {1.0, 2.0});
    return {opaque,
            wide,
            of_class(mx_object, element(mi_int8, "inline") + bytes(structure({{"a", row({1})}}))),
            of_class(mx_sparse, element(mi_int32, raw(0)) + element(mi_int32, raw(0) + raw(1)) +
                                    element(mi_double, "12345678")),
            of_class(mx_function, bytes(structure({{"function", text("@(x)x")}}))),
            of_class(200, std::string(40, '\xff')),
            text("x", mi_utf32)};
}

}  // namespace

TEST_CASE("load_vgg19: skips what it cannot read wherever it is not needed") {
    const bool is_compressed = GENERATE(false, true);
    for (const Array& foreign : foreign_arrays()) {
        INFO("class " << foreign.array_class);
        Vgg19Mat options;
        options.fully_connected = true;
        Named variables = vgg19_variables(options);
        for (std::size_t index : {0u, 1u, 4u}) {
            layer(variables, index).parts.emplace_back("custom", foreign);
            layer(variables, index)
                .parts.insert(layer(variables, index).parts.begin(), {"first", foreign});
        }
        Array& layers = variable(variables, "layers");
        field(layers.parts[38].second, "name") = foreign;
        layers.parts[39].second = foreign;
        Array& meta = variable(variables, "meta");
        field(meta, "inputs") = cell({foreign, row({1}), foreign});
        field(meta, "classes") = foreign;
        meta.parts.emplace_back("description", foreign);
        variables.insert(variables.begin(), {"before", foreign});
        variables.emplace_back("after", structure({{"a", foreign}}));
        const Written written(variables, is_compressed);
        check_network(nst::load_vgg19(written.path), options);
        const nst::MatSummary summary = nst::inspect_vgg19(written.path, 224, 224);
        CHECK(summary.layers.size() == 43);
        CHECK(summary.layers[38].type == "?");
        CHECK(summary.layers[39].type == "?");
        CHECK(summary.layers[41].name == "fc8");
    }
}

TEST_CASE("load_vgg19: skips MATLAB's unnamed data of objects") {
    const Named variables = vgg19_variables();
    const Array data = numbers(mx_uint8, mi_uint8, {1, 1000}, [](std::size_t) { return 1.0; });
    Vgg19Mat options;
    for (const bool is_compressed : {false, true}) {
        Named with_data = {{"", data}};
        with_data.insert(with_data.end(), variables.begin(), variables.end());
        with_data.emplace_back("", data);
        const Written written(with_data, is_compressed);
        check_network(nst::load_vgg19(written.path), options);
    }
}

TEST_CASE("load_vgg19: finds the layers inside a variable net") {
    const auto generation = GENERATE(Generation::beta10, Generation::beta16, Generation::beta23);
    const auto writer = GENERATE(Writer::by_hand, Writer::by_matio, Writer::by_matio_73);
    Vgg19Mat options;
    options.generation = generation;
    for (const std::string name : {"net", "vgg"}) {
        const Named variables = {{"a", row({1})},
                                 {"b", structure({{"c", cell({})}})},
                                 {name, structure(vgg19_variables(options))}};
        for (const bool is_compressed : {false, true}) {
            const Written written(variables, is_compressed, writer);
            check_network(nst::load_vgg19(written.path), options);
            CHECK(nst::inspect_vgg19(written.path, 224, 224).layers.size() == 37);
        }
    }
}

TEST_CASE("load_vgg19: of several networks it takes the one named net") {
    Vgg19Mat other;
    other.channels = {1, 1, 1, 1, 1};
    const Array net = structure(vgg19_variables());
    const Array a = structure(vgg19_variables(other));
    check_network(load({{"a", a}, {"net", net}}), {});
    check_network(load({{"a", net}, {"net", row({1})}}), {});
    // a file of MatConvNet itself
    Named variables = vgg19_variables();
    variables.insert(variables.begin(), {"net", a});
    check_network(load(variables), {});
    const Written written({{"a", a}, {"b", net}});
    CHECK(error_of([&] { nst::load_vgg19(written.path); }) ==
          "load_vgg19: " + written.path + " has 2 networks, a and b; expected one");
}
