#include "transfer_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <string>

#include "image_size.hpp"
#include "nst/bundled_vgg19.hpp"
#include "nst/image_reader.hpp"
#include "nst/memory_limit.hpp"
#include "nst/printable_text.hpp"
#include "nst/threads.hpp"
#include "nst/vgg19.hpp"
#include "require.hpp"
#include "transfer_outputs.hpp"
#include "weights_lookup.hpp"

namespace nst::tools {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t default_longer_side = 512;
constexpr std::uint64_t process_bytes = 19e6;       // program and libraries: measured
constexpr std::uint64_t bytes_per_thread = 500000;  // stack and panels of OpenBLAS: measured

// Standard input can be read only once.
void check_standard_input(const TransferArguments& arguments) {
    const std::string* first = nullptr;
    for (const std::string* name : {&arguments.content, &arguments.style, &arguments.start}) {
        if (!reads_standard_input(*name)) continue;
        require(first == nullptr, "transfer: expected only one image from standard input, got ",
                *first, " and ", *name, "; name a file for one of them");
        first = name;
    }
}

Shape3 shape_of(const ImageSize& size) {
    return {size.height, size.width, 3};
}

ImageSize content_size(const TransferArguments& arguments, const ImageSize& own) {
    if (!arguments.size.empty()) return parse_size(arguments.size, own);
    if (std::max(own.width, own.height) <= default_longer_side) return own;
    const ImageSize reduced = scale_to(own, default_longer_side);
    note(arguments, "Size: " + text(own) + " is reduced to " + text(reduced) + "; --size " +
                        text(own) + " keeps it.");
    return reduced;
}

Network load_network(const TransferArguments& arguments) {
    const fs::path file = find_weights(arguments.weights);
    Network network = load_vgg19(file);
    if (!is_bundled_vgg19(network)) {
        note(arguments, "Network: " + printable_text(file.string()));
        return network;
    }
    const fs::path users = user_weights_file();
    note(arguments, "Network: " + printable_text(network.description) + ".");
    note(arguments,
         "  The real VGG-19 paints better: get imagenet-vgg-verydeep-19.mat (535 MB) from\n"
         "  https://www.vlfeat.org/matconvnet/pretrained/ and name it with --weights" +
             (users.empty() ? std::string(".")
                            : ", or put it at\n  " + printable_text(users.string())));
    return network;
}

// Formats "3.1 GB", "870 MB": decimal units, two or three digits.
std::string memory_text(std::uint64_t bytes) {
    TextStream out;
    const double megabytes = static_cast<double>(bytes) / 1e6;
    if (megabytes < 1000) {
        out << std::fixed << std::setprecision(0) << megabytes << " MB";
    } else {
        out << std::fixed << std::setprecision(megabytes < 1e4 ? 1 : 0) << megabytes / 1000
            << " GB";
    }
    return out.str();
}

std::uint64_t image_memory(const ImageSize& size) {
    return std::uint64_t{3} * sizeof(Real) * size.height * size.width;
}

// An image may be much larger than the result even if its file is small, so this reports pixels
// that do not fit into memory before it allocates them.
LoadedImage load_image_that_fits(const TransferArguments& arguments, ImageReader& reader,
                                 const std::string& file) {
    const ImageSize size = reader.size();
    const std::uint64_t wanted = image_memory(size);
    const MemoryLimit limit = memory_limit();
    require(wanted <= limit.bytes, "transfer: ", file, " has ", text(size), " pixels, which take ",
            memory_text(wanted), ", but ", limit.reason, " leaves ", memory_text(limit.bytes),
            "; use a smaller image");
    LoadedImage loaded = reader.read();
    for (const std::string& warning : loaded.warnings) note(arguments, warning);
    return loaded;
}

// Says what a preset other than the tutorial's will do.
void note_preset(const TransferArguments& arguments) {
    if (arguments.preset == "tutorial") return;
    const TransferOptions& options = arguments.options;
    note(arguments,
         "Preset " + arguments.preset + ": " +
             (options.optimizer == Optimizer::lbfgs ? "L-BFGS, " : "Adam, ") +
             std::to_string(options.iterations) + " iterations" +
             (options.scales > 1 ? " at each of " + std::to_string(options.scales) + " sizes."
                                 : "."));
}

// Converts --start to options; the bundled network works best from the content itself.
void choose_start(TransferArguments& arguments, const Network& network, const ImageSize& size) {
    TransferOptions& options = arguments.options;
    std::string start = arguments.start;
    if (start == "auto" && options.noise_ratio > 0) {
        start = is_bundled_vgg19(network) ? "content" : "noise";
        note(arguments, start == "content"
                            ? "Start: the content image, best for the bundled network."
                            : "Start: the tutorial's mix of noise and content.");
    }
    if (start == "content") {
        options.noise_ratio = 0;
    } else if (names_start_image(arguments)) {
        ImageReader reader(start);
        options.start = resize_image(load_image_that_fits(arguments, reader, start).image,
                                     size.height, size.width);
    }
}

// Converts --style-size, and says when the style cannot be brought to its scale.
void choose_style_scale(TransferArguments& arguments, const ImageSize& content,
                        const ImageSize& style) {
    std::optional<double>& scale = arguments.options.style_scale;
    const auto longer = static_cast<double>(std::max(content.height, content.width));
    if (arguments.style_size) scale = *arguments.style_size / longer;
    if (!scale) return;
    const auto wanted = std::llround(*scale * longer);
    if (wanted > static_cast<long long>(std::max(style.height, style.width))) {
        note(arguments, "Style: " + text(style) + " is smaller than " + std::to_string(wanted) +
                            " pixels and used as it is; its strokes may be small.");
    }
}

// Returns the bytes already in use when the rest is requested.
std::uint64_t network_memory(const Network& network) {
    std::uint64_t numbers = 0;
    for (const Layer& layer : network.layers) numbers += layer.filters.size() + layer.bias.size();
    return numbers * sizeof(Real);
}

void require_memory(const TransferArguments& arguments, const Network& network,
                    const ImageSize& content, const ImageSize& style) {
    const std::uint64_t wanted =
        process_bytes + bytes_per_thread * static_cast<std::uint64_t>(thread_count()) +
        transfer_memory(network, shape_of(content), shape_of(style), arguments.options) +
        (arguments.preserve_colour ? image_memory(content) : 0);
    const MemoryLimit limit = memory_limit();
    require(wanted <= limit.bytes, "transfer: a ", text(content), " image with a ", text(style),
            " style needs about ", memory_text(wanted), ", but ", limit.reason, " leaves ",
            memory_text(limit.bytes), "; use a smaller --size or a smaller style image");
    note(arguments, "Memory: about " + memory_text(wanted + network_memory(network)) + ".");
}

}  // namespace

TransferInputs load_transfer_inputs(TransferArguments& arguments) {
    check_standard_input(arguments);
    ImageReader content_reader(arguments.content);
    const ImageSize size = content_size(arguments, content_reader.size());
    arguments.options.scales = scale_count(shape_of(size), arguments.options);
    check_transfer_outputs(arguments);
    ImageReader style_reader(arguments.style);
    const ImageSize style_size = style_reader.size();
    choose_style_scale(arguments, size, style_size);
    TransferInputs inputs{load_network(arguments), {}, {}, {}};
    note_preset(arguments);
    require_memory(arguments, inputs.network, size, style_size);
    const LoadedImage content = load_image_that_fits(arguments, content_reader, arguments.content);
    inputs.content = resize_image(content.image, size.height, size.width);
    inputs.alpha = resize_alpha(content.alpha, size);
    inputs.style = load_image_that_fits(arguments, style_reader, arguments.style).image;
    choose_start(arguments, inputs.network, size);
    return inputs;
}

}  // namespace nst::tools
