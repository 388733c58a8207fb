#include "transfer_arguments.hpp"

#include <cmath>
#include <iostream>

#include "nst/preset.hpp"
#include "require.hpp"

namespace nst::tools {

namespace {

template <class Value, class Given>
void replace(Value& value, const std::optional<Given>& given) {
    if (given) value = *given;
}

void choose_optimizer(TransferArguments& arguments) {
    TransferOptions& options = arguments.options;
    const std::optional<double>& rate = arguments.learning_rate;
    if (arguments.optimizer) {
        options.optimizer = *arguments.optimizer == "lbfgs" ? Optimizer::lbfgs : Optimizer::adam;
    }
    require(!rate || options.optimizer == Optimizer::adam, "--learning-rate: is Adam's; ",
            "L-BFGS finds the length of its steps by itself. Is --optimizer adam missing?");
    replace(options.adam.learning_rate, rate);
}

void choose_balance(TransferArguments& arguments) {
    ObjectiveOptions& objective = arguments.options.objective;
    if (arguments.style_strength) {
        require(objective.relative, "--style-strength: needs losses that are shares, as in ",
                "--preset painting; the preset ", arguments.preset,
                " has --content-weight and --style-weight");
        require(!arguments.content_weight && !arguments.style_weight,
                "--style-strength: stands for --content-weight and --style-weight; give either");
        const double strength = *arguments.style_strength;
        require(strength >= 0 && strength <= 1, "--style-strength: must be 0 to 1, got ", strength);
        set_style_strength(objective, strength);
    }
    replace(objective.content_weight, arguments.content_weight);
    replace(objective.style_weight, arguments.style_weight);
    replace(objective.tv_weight, arguments.tv_weight);
}

void choose_layers(TransferArguments& arguments) {
    ObjectiveOptions& objective = arguments.options.objective;
    replace(objective.content_layer, arguments.content_layer);
    if (arguments.pooling) {
        objective.pooling = *arguments.pooling == "max" ? Pooling::max : Pooling::average;
    }
    if (arguments.style_layers.empty()) return;
    objective.style_layers.clear();
    const double share = 1 / static_cast<double>(arguments.style_layers.size());
    for (const std::string& name : arguments.style_layers) {
        objective.style_layers.push_back({name, share});
    }
}

void check_numbers(const TransferArguments& arguments) {
    const auto check = [](const char* name, double value, bool good, const char* range) {
        require(good, name, ": must be ", range, ", got ", value);
    };
    const ObjectiveOptions& objective = arguments.options.objective;
    require(!objective.content_layer.empty(),
            "--content-layer: expected a layer's name; --content-weight 0 leaves the content out");
    const auto weight_is_good = [](double w) { return std::isfinite(w) && w >= 0; };
    const double rate = arguments.options.adam.learning_rate;
    const double ratio = arguments.options.noise_ratio;
    const double scale = arguments.options.style_scale.value_or(1);
    check("--content-weight", objective.content_weight, weight_is_good(objective.content_weight),
          "finite and not negative");
    check("--style-weight", objective.style_weight, weight_is_good(objective.style_weight),
          "finite and not negative");
    check("--tv-weight", objective.tv_weight, weight_is_good(objective.tv_weight),
          "finite and not negative");
    check("--learning-rate", rate, std::isfinite(rate) && rate > 0, "finite and positive");
    check("--noise-ratio", ratio, ratio >= 0 && ratio <= 1, "0 to 1");
    check("--style-scale", scale, std::isfinite(scale) && scale > 0, "finite and positive");
    require(!arguments.style_scale || !arguments.style_size,
            "--style-scale: says the same as --style-size in another unit; give either");
}

// CLI11 would print the type and the range of every option; these descriptions say what matters.
template <class Value>
CLI::Option* add(CLI::App& command, const char* name, Value& value, const char* argument,
                 const std::string& help) {
    return command.add_option(name, value, help)->type_name(argument);
}

std::vector<std::string> preset_names() {
    std::vector<std::string> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    return names;
}

CLI::Validator at_most(int largest) {
    return CLI::Range(0, largest).description("");
}

void add_image_options(CLI::App& command, TransferArguments& a) {
    add(command, "CONTENT", a.content, "",
        "The content image: PNG, JPEG, WebP or TIFF, or - for\n"
        "standard input")
        ->required();
    add(command, "STYLE", a.style, "", "The style image: the same")->required();
    add(command, "-o,--output", a.output, "OUT", "Where to save: .png, .jpg or .jpeg")->required();
    add(command, "--weights", a.weights, "FILE",
        "VGG-19 as a .mat [default: $NST_WEIGHTS, then\n"
        "imagenet-vgg-verydeep-19.mat in the user's data folder,\n"
        "then the bundled network]");
    add(command, "--size", a.size, "SIZE",
        "Size of the result: WxH, or N for the longer side\n"
        "[default: the content's own, at most 512]");
    add(command, "--style-scale", a.style_scale, "S",
        "Longer side of STYLE as a multiple of the result's; more\n"
        "gives larger strokes [painting: 1, tutorial: as it is]");
    add(command, "--style-size", a.style_size, "N", "The same in pixels")
        ->check(CLI::Range(1, 65535).description(""));
    add(command, "--start", a.start, "START",
        "auto, noise, content, or an image [default: auto, which is\n"
        "noise for the tutorial's preset on other networks than the\n"
        "bundled one, else content]");
    add(command, "--noise-ratio", a.noise_ratio, "SHARE",
        "Share of noise in the start [painting: 0, tutorial: 0.6]");
    add(command, "--seed", a.seed, "N", "Of the noise [default: 3, the course's]");
}

void add_cost_options(CLI::App& command, TransferArguments& a) {
    add(command, "--style-strength", a.style_strength, "S",
        "From 0, the content image, to 1, the style's texture\n"
        "[painting: 0.5]");
    add(command, "--iterations", a.iterations, "N",
        "Steps of the optimizer at each scale [painting: 80,\ntutorial: 200]")
        ->check(at_most(1000000));
    add(command, "--optimizer", a.optimizer, "OPTIMIZER",
        "adam, or lbfgs, which needs fewer iterations and more memory\n"
        "[painting: lbfgs, tutorial: adam]")
        ->check(CLI::IsMember({"adam", "lbfgs"}).description(""));
    add(command, "--scales", a.scales, "N",
        "Paints at N sizes, from small to large, each twice the last\n"
        "[painting: as many as suit the size, tutorial: 1]")
        ->check(CLI::Range(1, max_scales).description(""));
    add(command, "--learning-rate", a.learning_rate, "RATE",
        "Length of a step of Adam, in grey levels [default: 2]");
    add(command, "--content-weight", a.content_weight, "ALPHA",
        "[painting: as --style-strength says, tutorial: 10]");
    add(command, "--style-weight", a.style_weight, "BETA",
        "[painting: as --style-strength says, tutorial: 40]");
    add(command, "--tv-weight", a.tv_weight, "GAMMA",
        "Of the total variation: smooths the image [painting: as\n"
        "--style-strength says, tutorial: 0]");
    add(command, "--content-layer", a.content_layer, "LAYER", "[default: relu4_2]");
    add(command, "--style-layers", a.style_layers, "LAYERS",
        "Separated by commas, with equal weights [default:\n"
        "relu1_1,relu2_1,relu3_1,relu4_1,relu5_1]")
        ->delimiter(',');
    add(command, "--pooling", a.pooling, "POOLING", "average or max [default: average]")
        ->check(CLI::IsMember({"average", "max"}).description(""));
}

void add_output_options(CLI::App& command, TransferArguments& a) {
    command.add_flag("--preserve-colour,--keep-colour", a.preserve_colour,
                     "Keeps the colours of CONTENT: only the brightness is painted");
    add(command, "--bits", a.bits, "BITS",
        "Per sample of the result: 8, or 16 in a PNG [default: 8]")
        ->check(CLI::IsMember({8, 16}).description(""));
    add(command, "--threads", a.threads, "N", "[default: one for each processor]")
        ->check(at_most(1024));
    add(command, "--save-every", a.save_every, "N",
        "Saves the image every N iterations beside OUT, as OUT_0,\n"
        "OUT_N, ..., counting on from scale to scale [default: 0,\n"
        "never]")
        ->check(at_most(1000000));
    add(command, "--print-every", a.print_every, "N",
        "Prints the costs every N iterations, 0 never [default: 20]")
        ->check(at_most(1000000));
    command.add_flag("--quiet", a.quiet, "Prints nothing but errors");
}

}  // namespace

void add_transfer_arguments(CLI::App& command, TransferArguments& arguments) {
    std::string names;
    for (const Preset& preset : presets()) names += "\n" + preset.name + ": " + preset.summary;
    add(command, "--preset", arguments.preset, "PRESET",
        "The options that are not given [default: tutorial]:" + names)
        ->check(CLI::IsMember(preset_names()).description(""));
    add_image_options(command, arguments);
    add_cost_options(command, arguments);
    add_output_options(command, arguments);
}

void complete_options(TransferArguments& arguments) {
    TransferOptions& options = arguments.options;
    options = find_preset(arguments.preset).options;
    replace(options.iterations, arguments.iterations);
    replace(options.scales, arguments.scales);
    if (arguments.start == "noise") options.noise_ratio = TransferOptions().noise_ratio;
    replace(options.noise_ratio, arguments.noise_ratio);
    replace(options.seed, arguments.seed);
    replace(options.style_scale, arguments.style_scale);
    choose_optimizer(arguments);
    choose_balance(arguments);
    choose_layers(arguments);
    check_numbers(arguments);
}

bool names_start_image(const TransferArguments& arguments) {
    const std::string& start = arguments.start;
    return start != "auto" && start != "noise" && start != "content";
}

void note(const TransferArguments& arguments, const std::string& line) {
    if (!arguments.quiet) std::cerr << line << '\n';
}

}  // namespace nst::tools
