// inspect_vgg19: the numbers of the table against an independent computation.
#include <algorithm>

#include "nst/vgg19.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"
#include "support/vgg19_mat.hpp"

using namespace nst_test;
using namespace nst_test::mat5;

namespace {

struct Window {
    std::size_t size = 1, stride = 1, before = 0, after = 0;
};

Window window_of(const nst::LayerRow& row, std::size_t axis) {
    Window window;
    if (!row.filter_shape.empty()) window.size = row.filter_shape[axis];
    if (!row.window.empty()) window.size = row.window[axis];
    window.stride = row.stride[axis];
    window.before = row.pad[2 * axis];
    window.after = row.pad[2 * axis + 1];
    return window;
}

/// The number of windows that fit, counted by sliding one along.
std::size_t count_outputs(std::size_t extent, const Window& window) {
    std::size_t count = 0;
    const std::size_t padded = extent + window.before + window.after;
    for (std::size_t at = 0; at + window.size <= padded; at += window.stride) ++count;
    return count;
}

/// The number of pixels of a very long line that one output in the middle sees, found by tracing
/// the first and the last pixel of the window back from layer to layer.
std::size_t pixels_seen(const std::vector<nst::LayerRow>& rows, std::size_t last) {
    long first_pixel = 1000, last_pixel = 1000;  // any position away from the edges
    for (std::size_t i = last + 1; i-- > 0;) {
        const Window window = window_of(rows[i], 0);
        first_pixel =
            first_pixel * static_cast<long>(window.stride) - static_cast<long>(window.before);
        last_pixel = last_pixel * static_cast<long>(window.stride) -
                     static_cast<long>(window.before) + static_cast<long>(window.size) - 1;
    }
    return static_cast<std::size_t>(last_pixel - first_pixel + 1);
}

struct Inspected {
    TemporaryFolder folder;
    std::string path = (folder / "vgg19.mat").string();
    nst::MatSummary summary;

    explicit Inspected(const Named& variables, std::size_t height = 224, std::size_t width = 224) {
        stream_file(path, variables, true);
        summary = nst::inspect_vgg19(path, height, width);
    }
};

/// A file with the shapes of the published one except for a thinner fc6, and with zeros for all
/// weights, so that it deflates to half a megabyte. The table does not depend on the weights.
Named published_shapes() {
    Vgg19Mat options;
    options.channels = {64, 128, 256, 512, 512};
    options.fully_connected = true;
    options.fully_connected_outputs = {256, 4096, 1000};
    const auto zero = [](std::size_t) { return 0.0; };
    return vgg19_variables(options, [&](std::size_t, bool) { return zero; });
}

const nst::LayerRow& row_named(const nst::MatSummary& summary, const std::string& name) {
    const auto found = std::find_if(summary.layers.begin(), summary.layers.end(),
                                    [&](const nst::LayerRow& row) { return row.name == name; });
    REQUIRE(found != summary.layers.end());
    return *found;
}

}  // namespace

TEST_CASE("inspect_vgg19: the table of the published network has its known numbers") {
    const Inspected inspected(published_shapes());
    const nst::MatSummary& summary = inspected.summary;
    REQUIRE(summary.layers.size() == 43);
    // receptive fields, as r' = r + (k - 1) j gives them by hand, and 224 halved by each pooling
    struct Known {
        std::string name;
        std::size_t index, parameters, sees, output;
    };
    for (const Known& known : std::vector<Known>{{"conv1_1", 0, 1792, 3, 224},
                                                 {"conv1_2", 2, 36928, 5, 224},
                                                 {"pool1", 4, 0, 6, 112},
                                                 {"conv2_2", 7, 147584, 14, 112},
                                                 {"pool2", 9, 0, 16, 56},
                                                 {"conv3_4", 16, 590080, 48, 56},
                                                 {"pool3", 18, 0, 52, 28},
                                                 {"conv4_4", 25, 2359808, 116, 28},
                                                 {"pool4", 27, 0, 124, 14},
                                                 {"conv5_4", 34, 2359808, 252, 14},
                                                 {"pool5", 36, 0, 268, 7},
                                                 {"fc6", 37, 7 * 7 * 512 * 256 + 256, 460, 1},
                                                 {"fc7", 39, 256 * 4096 + 4096, 460, 1},
                                                 {"fc8", 41, 4097000, 460, 1}}) {
        INFO(known.name);
        const nst::LayerRow& row = row_named(summary, known.name);
        CHECK(row.index == known.index);
        CHECK(row.parameters == known.parameters);
        CHECK(row.receptive_field == known.sees);
        CHECK(row.output_size == std::vector<std::size_t>{known.output, known.output});
    }
    std::uint64_t convolutions = 0;
    for (std::size_t i = 0; i < 37; ++i) convolutions += summary.layers[i].parameters;
    CHECK(convolutions == 20024384);
    CHECK(summary.bytes == std::filesystem::file_size(inspected.path));
}

TEST_CASE("inspect_vgg19: receptive fields and output sizes agree with sliding windows") {
    struct Size {
        std::size_t height, width;
    };
    Vgg19Mat options;
    options.fully_connected = true;
    const Inspected inspected(vgg19_variables(options));
    for (const Size& size :
         {Size{300, 400}, Size{75, 101}, Size{224, 224}, Size{1, 1}, Size{33, 2}}) {
        const std::vector<nst::LayerRow> rows =
            nst::inspect_vgg19(inspected.path, size.height, size.width).layers;
        std::vector<std::size_t> extents = {size.height, size.width};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (std::size_t axis = 0; axis < extents.size(); ++axis) {
                extents[axis] = count_outputs(extents[axis], window_of(rows[i], axis));
            }
            if (std::find(extents.begin(), extents.end(), 0u) != extents.end()) extents.clear();
            INFO(rows[i].name << ", " << size.height << "x" << size.width);
            CHECK(rows[i].output_size == extents);
            CHECK(rows[i].receptive_field == pixels_seen(rows, i));
        }
    }
}

TEST_CASE("inspect_vgg19: distinguishes heights and widths") {
    Named variables = vgg19_variables();
    field(layer(variables, 4), "pool") = row({3, 2});
    field(layer(variables, 4), "stride") = row({3, 1});
    field(layer(variables, 4), "pad") = row({1, 2, 3, 4});
    const Inspected inspected(variables, 20, 31);
    const nst::LayerRow& pool = inspected.summary.layers[4];
    CHECK(pool.window == std::vector<std::size_t>{3, 2});
    CHECK(pool.stride == std::vector<std::size_t>{3, 1});
    CHECK(pool.pad == std::vector<std::size_t>{1, 2, 3, 4});
    CHECK(pool.output_size == std::vector<std::size_t>{7, 37});
    // Receptive fields count rows: 3, 5, 5 + 2; the filter taps of conv2_1 lie 3 rows apart.
    CHECK(pool.receptive_field == 7);
    CHECK(inspected.summary.layers[5].receptive_field == 7 + 2 * 3);
}

TEST_CASE("inspect_vgg19: every row matches the file's description of the layer") {
    Vgg19Mat options;
    options.fully_connected = true;
    const Inspected inspected(vgg19_variables(options), 75, 101);
    const std::vector<nst::LayerRow>& rows = inspected.summary.layers;
    const std::vector<std::string> names = vgg19_layer_names(true);
    REQUIRE(rows.size() == names.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(rows[i].index == i);
        CHECK(rows[i].name == names[i]);
    }
    CHECK(rows[0].type == "conv");
    CHECK(rows[0].filter_shape == std::vector<std::size_t>{3, 3, 3, 2});
    CHECK(rows[0].pad == std::vector<std::size_t>{1, 1, 1, 1});
    CHECK(rows[0].parameters == 3 * 3 * 3 * 2 + 2);
    CHECK(rows[1].type == "relu");
    CHECK(rows[1].filter_shape.empty());
    CHECK(rows[1].window.empty());
    CHECK(rows[1].parameters == 0);
    CHECK(rows[4].window == std::vector<std::size_t>{2, 2});
    CHECK(rows[37].filter_shape == std::vector<std::size_t>{7, 7, 6, 7});
    CHECK(rows[42].type == "softmax");
    CHECK(inspected.summary.header == "MATLAB 5.0 MAT-file, made by a test");
    for (std::size_t c = 0; c < 3; ++c) CHECK(inspected.summary.mean[c] == made_up_mean[c]);
}

TEST_CASE("inspect_vgg19: names the generation of the layout") {
    const auto generation = [](Generation made) {
        Vgg19Mat options;
        options.generation = made;
        return Inspected(vgg19_variables(options)).summary.generation;
    };
    CHECK(generation(Generation::beta10) == "MatConvNet up to beta10 (filters, biases)");
    CHECK(generation(Generation::beta16) == "MatConvNet beta11 to beta16 (weights, normalization)");
    CHECK(generation(Generation::beta17) == "MatConvNet beta17 to beta22 (weights, meta)");
    CHECK(generation(Generation::beta19) == "MatConvNet beta17 to beta22 (weights, meta)");
    CHECK(generation(Generation::beta23) == "MatConvNet beta23 or later (weights, meta, dilate)");
    Named only_relu = vgg19_variables();
    Array& layers = variable(only_relu, "layers");
    layers = cell({layers.parts[1].second});
    CHECK(Inspected(only_relu).summary.generation == "no convolution");
}

TEST_CASE("inspect_vgg19: shows layers that load_vgg19 would reject") {
    Named variables = vgg19_variables();
    field(layer(variables, 0), "stride") = row({2, 2});
    field(layer(variables, 1), "type") = text("sigmoid");
    const Inspected inspected(variables, 224, 224);
    CHECK(inspected.summary.layers[0].output_size == std::vector<std::size_t>{112, 112});
    CHECK(inspected.summary.layers[1].type == "sigmoid");
    CHECK(error_of([&] { nst::load_vgg19(inspected.path); }) != "(no error)");
}

TEST_CASE("inspect_vgg19: gives the file's MD5 and tells a made-up file from the published ones") {
    const Inspected inspected(vgg19_variables());
    CHECK(inspected.summary.md5.size() == 32);
    CHECK(inspected.summary.known_as.empty());
    const TemporaryFolder folder;
    const std::filesystem::path copy = folder / "copy.mat";
    std::filesystem::copy_file(inspected.path, copy);
    CHECK(nst::inspect_vgg19(copy, 10, 10).md5 == inspected.summary.md5);
}

TEST_CASE("inspect_vgg19: names, types and descriptions are one line each") {
    Named variables = vgg19_variables();
    field(layer(variables, 0), "name") = text("a\nb");
    field(layer(variables, 1), "type") = text(std::string(100, 'x'));
    variable(variables, "meta").parts.emplace_back("description", text("\x1b[31mred"));
    const Inspected inspected(variables);
    CHECK(inspected.summary.layers[0].name == "a?b");
    CHECK(inspected.summary.layers[1].type == std::string(77, 'x') + "...");
    CHECK(inspected.summary.description == "?[31mred");
}

TEST_CASE("inspect_vgg19: rejects image sizes out of range and files that are not MATLAB files") {
    const TemporaryFolder folder;
    const std::string path = (folder / "vgg19.mat").string();
    write_file(path, file(vgg19_variables(), true));
    const auto message = [&](std::size_t height, std::size_t width) {
        return error_of([&] { nst::inspect_vgg19(path, height, width); });
    };
    const std::string expected = "inspect_vgg19: expected an image of 1x1 to 65535x65535, got ";
    CHECK(message(0, 1) == expected + "0x1");
    CHECK(message(1, 0) == expected + "1x0");
    CHECK(message(65536, 1) == expected + "65536x1");
    CHECK(message(1, 65536) == expected + "1x65536");
    CHECK(message(65535, 65535) == "(no error)");
    write_file(path, "<html>");
    CHECK(message(1, 1) == "inspect_vgg19: " + path +
                               " is a page of HTML or XML, not a MATLAB file. "
                               "Did the server answer with an error page?");
}
