#include "transfer_command.hpp"

#include <cmath>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/require.hpp"
#include "memory_limit.hpp"
#include "nst/bundled_vgg19.hpp"
#include "nst/image.hpp"
#include "nst/preserve_colour.hpp"
#include "nst/threads.hpp"
#include "nst/transfer.hpp"
#include "nst/vgg19.hpp"
#include "picture_size.hpp"
#include "progress_bar.hpp"
#include "weights_lookup.hpp"

namespace nst {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t default_longer_side = 512;
constexpr int signalled = 128;                 // plus the signal's number, as a shell reports it
constexpr std::uint64_t process_bytes = 19e6;  // program and libraries: measured
constexpr std::uint64_t bytes_per_thread = 500000;  // stack and panels of OpenBLAS: measured

struct Arguments {
    std::string content;
    std::string style;
    std::string output;
    std::string weights;
    std::string size;
    std::string start = "auto";
    std::string pooling = "average";
    std::string optimizer = "adam";
    std::optional<double> learning_rate;
    std::vector<std::string> style_layers;
    TransferOptions options;
    int threads = 0;
    int save_every = 0;
    int print_every = 20;
    bool preserve_colour = false;
    bool quiet = false;
};

volatile std::sig_atomic_t stop_signal = 0;

// The first signal asks politely; a second one ends the program as usual.
extern "C" void ask_to_stop(int number) {
    stop_signal = number;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

// From here on there is something to lose. So whoever reads the costs may go away, too.
void catch_signals() {
    struct sigaction action {};
    action.sa_handler = ask_to_stop;
    action.sa_flags = SA_RESTART;  // else a line that waits for its reader would be lost
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void note(const Arguments& arguments, const std::string& line) {
    if (!arguments.quiet) std::cerr << line << '\n';
}

void choose_optimizer(Arguments& arguments) {
    TransferOptions& options = arguments.options;
    const std::optional<double>& rate = arguments.learning_rate;
    options.optimizer = arguments.optimizer == "lbfgs" ? Optimizer::lbfgs : Optimizer::adam;
    require(!rate || options.optimizer == Optimizer::adam, "--learning-rate: is Adam's; ",
            "--optimizer lbfgs finds the length of its steps by itself");
    if (rate) options.adam.learning_rate = *rate;
}

void check_numbers(const Arguments& arguments) {
    const auto check = [](const char* name, double value, bool good, const char* range) {
        require(good, name, ": must be ", range, ", got ", value);
    };
    const ObjectiveOptions& objective = arguments.options.objective;
    require(!objective.content_layer.empty(),
            "--content-layer: expected a layer's name; --content-weight 0 leaves the content out");
    const auto weight_is_good = [](double w) { return std::isfinite(w) && w >= 0; };
    const double rate = arguments.options.adam.learning_rate;
    const double ratio = arguments.options.noise_ratio;
    check("--content-weight", objective.content_weight, weight_is_good(objective.content_weight),
          "finite and not negative");
    check("--style-weight", objective.style_weight, weight_is_good(objective.style_weight),
          "finite and not negative");
    check("--tv-weight", objective.tv_weight, weight_is_good(objective.tv_weight),
          "finite and not negative");
    check("--learning-rate", rate, std::isfinite(rate) && rate > 0, "finite and positive");
    check("--noise-ratio", ratio, ratio >= 0 && ratio <= 1, "0 to 1");
}

ImageSize content_size(const Arguments& arguments) {
    const ImageSize own = image_size(arguments.content);
    if (!arguments.size.empty()) return parse_size(arguments.size, own);
    if (std::max(own.width, own.height) <= default_longer_side) return own;
    const ImageSize reduced = scale_to(own, default_longer_side);
    note(arguments, "Size: " + text(own) + " is reduced to " + text(reduced) + "; --size " +
                        text(own) + " keeps it.");
    return reduced;
}

Network load_network(const Arguments& arguments) {
    const fs::path file = find_weights(arguments.weights);
    Network network = load_vgg19(file);
    if (!is_bundled_vgg19(network)) {
        note(arguments, "Network: " + file.string());
        return network;
    }
    const fs::path users = user_weights_file();
    note(arguments, "Network: " + network.description + ".");
    note(arguments,
         "  The real VGG-19 paints better: get imagenet-vgg-verydeep-19.mat (535 MB) from\n"
         "  https://www.vlfeat.org/matconvnet/pretrained/ and name it with --weights" +
             (users.empty() ? std::string(".") : ", or put it at\n  " + users.string()));
    return network;
}

std::uint64_t picture_memory(const ImageSize& size) {
    return std::uint64_t{3} * sizeof(Real) * size.height * size.width;
}

// A picture may be much larger than the painting, and its file small all the same: where its pixels
// do not fit, that is said before they are asked for.
Image load_picture(const std::string& file) {
    const ImageSize size = image_size(file);
    const std::uint64_t wanted = picture_memory(size);
    const MemoryLimit limit = memory_limit();
    require(wanted <= limit.bytes, "transfer: ", file, " has ", text(size), " pixels, which take ",
            memory_text(wanted), ", but ", limit.reason, " leaves ", memory_text(limit.bytes),
            "; use a smaller picture");
    return load_image(file);
}

// Turns --start into options; the bundled network does best from the content itself.
void choose_start(Arguments& arguments, const Network& network, const ImageSize& size) {
    std::string start = arguments.start;
    if (start == "auto") {
        start = is_bundled_vgg19(network) ? "content" : "noise";
        note(arguments, start == "content"
                            ? "Start: the content picture, best for the bundled network."
                            : "Start: the tutorial's mix of noise and content.");
    }
    if (start == "content") {
        arguments.options.noise_ratio = 0;
    } else if (start != "noise") {
        arguments.options.start = resize_image(load_picture(start), size.height, size.width);
    }
}

Shape3 shape_of(const ImageSize& size) {
    return {size.height, size.width, 3};
}

// What is in memory already when the rest is asked for.
std::uint64_t network_memory(const Network& network) {
    std::uint64_t numbers = 0;
    for (const Layer& layer : network.layers) numbers += layer.filters.size() + layer.bias.size();
    return numbers * sizeof(Real);
}

void require_memory(const Arguments& arguments, const Network& network, const ImageSize& content,
                    const ImageSize& style) {
    const std::uint64_t wanted =
        process_bytes + bytes_per_thread * static_cast<std::uint64_t>(thread_count()) +
        transfer_memory(network, shape_of(content), shape_of(style), arguments.options) +
        (arguments.preserve_colour ? picture_memory(content) : 0);
    const MemoryLimit limit = memory_limit();
    require(wanted <= limit.bytes, "transfer: a ", text(content), " picture with a ", text(style),
            " style needs about ", memory_text(wanted), ", but ", limit.reason, " leaves ",
            memory_text(limit.bytes), "; use a smaller --size or a smaller style picture");
    note(arguments, "Memory: about " + memory_text(wanted + network_memory(network)) + ".");
}

void print_costs(const Progress& progress) {
    std::cout << std::setprecision(9) << "Iteration " << progress.iteration << " :\n"
              << "total cost = " << progress.costs.total << '\n'
              << "content cost = " << progress.costs.content << '\n'
              << "style cost = " << progress.costs.style << std::endl;
}

void print_total_variation(const Progress& progress) {
    std::cout << "total variation = " << progress.costs.total_variation << std::endl;
}

// Iterations before this one, of all scales.
int iterations_before(const Progress& progress) {
    return (progress.scale - 1) * progress.iterations + progress.iteration;
}

void print_scale(const Progress& progress) {
    const auto& shape = progress.input.shape();
    std::cout << "Scale " << progress.scale << " of " << progress.scales << ", "
              << text(ImageSize{shape[0], shape[1]}) << std::endl;
}

void print(const Arguments& arguments, const Progress& progress) {
    if (progress.scales > 1 && progress.iteration == 0) print_scale(progress);
    print_costs(progress);
    if (arguments.options.objective.tv_weight > 0) print_total_variation(progress);
}

// painting.png after iteration 40: painting_40.png
fs::path numbered(const fs::path& output, int iteration) {
    fs::path name = output.stem();
    name += "_" + std::to_string(iteration);
    name += output.extension();
    return output.parent_path() / name;
}

// The picture as it is saved; at a small scale it is smaller than the content.
Image finished(const Arguments& arguments, Image painting, const Image& content) {
    if (!arguments.preserve_colour) return painting;
    const auto& shape = painting.shape();
    if (shape == content.shape()) return preserve_colour(painting, content);
    return preserve_colour(painting, resize_image(content, shape[0], shape[1]));
}

// Counts the iterations of the scale that is on in `done`.
Observer make_observer(const Arguments& arguments, const Network& network, const Image& content,
                       ProgressBar& bar, int& done) {
    return [&](const Progress& progress) {
        done = progress.iteration + 1;
        const auto due = [](int every, int iteration) {
            return every > 0 && iteration % every == 0;
        };
        const int before = iterations_before(progress);
        bar.clear();
        if (!arguments.quiet && due(arguments.print_every, progress.iteration)) {
            print(arguments, progress);
        }
        if (due(arguments.save_every, before)) {
            save_image(numbered(arguments.output, before),
                       finished(arguments, add_mean(progress.input, network.mean), content));
        }
        bar.show(before + 1, progress.scales * progress.iterations);
        if (stop_signal != 0) {
            bar.clear();
            note(arguments, "Stopped after iteration " + std::to_string(progress.iteration) +
                                (progress.scales > 1 ? " of scale " + std::to_string(progress.scale)
                                                     : std::string()) +
                                ".");
        }
        return stop_signal == 0;
    };
}

int run(Arguments arguments) {
    choose_optimizer(arguments);
    check_numbers(arguments);
    set_thread_count(arguments.threads);
    arguments.options.objective.pooling =
        arguments.pooling == "max" ? Pooling::max : Pooling::average;
    if (!arguments.style_layers.empty()) {
        auto& layers = arguments.options.objective.style_layers;
        layers.clear();
        const double share = 1 / static_cast<double>(arguments.style_layers.size());
        for (const std::string& name : arguments.style_layers) layers.push_back({name, share});
    }
    check_output_file(arguments.output);
    const ImageSize size = content_size(arguments);
    const ImageSize style_size = image_size(arguments.style);
    const Network network = load_network(arguments);
    require_memory(arguments, network, size, style_size);

    const Image content = resize_image(load_picture(arguments.content), size.height, size.width);
    const Image style = load_picture(arguments.style);
    choose_start(arguments, network, size);
    catch_signals();
    ProgressBar bar(!arguments.quiet);
    int done = 0;
    Image painting = transfer(network, content, style, arguments.options,
                              make_observer(arguments, network, content, bar, done));
    bar.clear();
    if (done < arguments.options.iterations && stop_signal == 0) {
        note(arguments, "L-BFGS found no lower cost after " + std::to_string(done) +
                            " iterations; this is the best picture.");
    }
    save_image(arguments.output, finished(arguments, std::move(painting), content));
    if (!arguments.quiet) std::cout << "Painting saved to " << arguments.output << '\n';
    return stop_signal != 0 ? signalled + stop_signal : 0;
}

// CLI11 would print the type and the range of every option; the words here say what matters.
template <class Value>
CLI::Option* add(CLI::App& command, const char* name, Value& value, const char* argument,
                 const std::string& help) {
    return command.add_option(name, value, help)->type_name(argument);
}

CLI::Validator at_most(int largest) {
    return CLI::Range(0, largest).description("");
}

void add_picture_options(CLI::App& command, Arguments& a) {
    add(command, "CONTENT", a.content, "", "The picture to paint: PNG or JPEG")->required();
    add(command, "STYLE", a.style, "", "The painting to learn from: PNG or JPEG")->required();
    add(command, "-o,--output", a.output, "OUT", "Where to save: .png, .jpg or .jpeg")->required();
    add(command, "--weights", a.weights, "FILE",
        "VGG-19 as a .mat [default: $NST_WEIGHTS, then\n"
        "imagenet-vgg-verydeep-19.mat in the user's data folder,\n"
        "then the bundled network]");
    add(command, "--size", a.size, "SIZE",
        "Size of the result: WxH, or N for the longer side\n"
        "[default: the content's own, at most 512]");
    add(command, "--start", a.start, "START",
        "auto, noise, content, or a picture [default: auto, which is\n"
        "content on the bundled network and noise on others]");
    add(command, "--noise-ratio", a.options.noise_ratio, "SHARE",
        "Share of noise in the start [default: 0.6]");
    add(command, "--seed", a.options.seed, "N", "Of the noise [default: 3, the course's]");
}

void add_cost_options(CLI::App& command, Arguments& a) {
    ObjectiveOptions& objective = a.options.objective;
    add(command, "--iterations", a.options.iterations, "N", "Steps of the optimizer [default: 200]")
        ->check(at_most(1000000));
    add(command, "--optimizer", a.optimizer, "OPTIMIZER",
        "adam, or lbfgs, which needs fewer iterations and more memory\n[default: adam]")
        ->check(CLI::IsMember({"adam", "lbfgs"}).description(""));
    add(command, "--scales", a.options.scales, "N",
        "Paints at N sizes, from small to large, each twice the last;\n"
        "--iterations is for each [default: 1]")
        ->check(CLI::Range(1, max_scales).description(""));
    add(command, "--learning-rate", a.learning_rate, "RATE",
        "Length of a step of Adam, in grey levels [default: 2]");
    add(command, "--content-weight", objective.content_weight, "ALPHA", "[default: 10]");
    add(command, "--style-weight", objective.style_weight, "BETA", "[default: 40]");
    add(command, "--tv-weight", objective.tv_weight, "GAMMA",
        "Of the total variation: smooths the painting [default: 0]");
    add(command, "--content-layer", objective.content_layer, "LAYER", "[default: relu4_2]");
    add(command, "--style-layers", a.style_layers, "LAYERS",
        "Separated by commas, with equal weights [default:\n"
        "relu1_1,relu2_1,relu3_1,relu4_1,relu5_1]")
        ->delimiter(',');
    add(command, "--pooling", a.pooling, "POOLING", "average or max [default: average]")
        ->check(CLI::IsMember({"average", "max"}).description(""));
}

void add_output_options(CLI::App& command, Arguments& a) {
    command.add_flag("--keep-colour", a.preserve_colour,
                     "Keeps the colours of CONTENT: only the brightness is painted");
    add(command, "--threads", a.threads, "N", "[default: one for each processor]")
        ->check(at_most(1024));
    add(command, "--save-every", a.save_every, "N",
        "Saves the picture every N iterations beside OUT, as OUT_0,\n"
        "OUT_N, ..., counting on from scale to scale [default: 0,\n"
        "never]")
        ->check(at_most(1000000));
    add(command, "--print-every", a.print_every, "N",
        "Prints the costs every N iterations, 0 never [default: 20]")
        ->check(at_most(1000000));
    command.add_flag("--quiet", a.quiet, "Prints nothing but errors");
}

}  // namespace

void add_transfer_command(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand(
        "transfer", "Paints CONTENT in the manner of STYLE and saves the result");
    const auto arguments = std::make_shared<Arguments>();
    add_picture_options(*command, *arguments);
    add_cost_options(*command, *arguments);
    add_output_options(*command, *arguments);
    command->footer(
        "Costs go to standard output as the tutorial prints them, after the step. Ctrl-C or "
        "SIGTERM\n"
        "stops after the current iteration and saves what there is (exit code 130 or 143); a "
        "second\n"
        "one ends at once. Errors give exit code 2.");
    command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace nst
