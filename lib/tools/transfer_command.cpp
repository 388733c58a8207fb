#include "transfer_command.hpp"

#include <csignal>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "image_size.hpp"
#include "nst/image.hpp"
#include "nst/preserve_colour.hpp"
#include "nst/printable_text.hpp"
#include "nst/threads.hpp"
#include "nst/transfer.hpp"
#include "progress_bar.hpp"
#include "transfer_arguments.hpp"
#include "transfer_inputs.hpp"
#include "transfer_outputs.hpp"

namespace nst::tools {

namespace {

constexpr int signalled = 128;  // plus the signal's number, as a shell reports it

volatile std::sig_atomic_t stop_signal = 0;

// The first signal requests a stop; a second one ends the program as usual.
extern "C" void ask_to_stop(int number) {
    stop_signal = number;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

// From here on, finish and save despite SIGINT, SIGTERM or SIGPIPE.
void catch_signals() {
    struct sigaction action {};
    action.sa_handler = ask_to_stop;
    action.sa_flags = SA_RESTART;  // without it, a line still being written would be lost
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
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

// Returns the number of iterations before this one, over all scales.
int iterations_before(const Progress& progress) {
    return (progress.scale - 1) * progress.iterations + progress.iteration;
}

void print_scale(const Progress& progress) {
    const auto& shape = progress.input.shape();
    std::cout << "Scale " << progress.scale << " of " << progress.scales << ", "
              << text(ImageSize{shape[0], shape[1]}) << std::endl;
}

void print(const TransferArguments& arguments, const Progress& progress) {
    if (progress.scales > 1 && progress.iteration == 0) print_scale(progress);
    print_costs(progress);
    if (arguments.options.objective.tv_weight > 0) print_total_variation(progress);
}

// Saves a generated image; at a smaller scale it is smaller than the content image.
void save(const TransferArguments& arguments, const TransferInputs& inputs,
          const std::filesystem::path& file, Image generated) {
    const ImageSize size{generated.shape()[0], generated.shape()[1]};
    const bool is_smaller = generated.shape() != inputs.content.shape();
    if (arguments.preserve_colour) {
        generated = preserve_colour(
            generated,
            is_smaller ? resize_image(inputs.content, size.height, size.width) : inputs.content);
    }
    save_image(file, generated,
               {is_smaller ? resize_alpha(inputs.alpha, size) : inputs.alpha, arguments.bits});
}

// Makes the observer, which counts the iterations of the current scale in `done`.
Observer make_observer(const TransferArguments& arguments, const TransferInputs& inputs,
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
            save(arguments, inputs, numbered(arguments.output, before),
                 add_mean(progress.input, inputs.network.mean));
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

int run(TransferArguments arguments) {
    complete_options(arguments);
    set_thread_count(arguments.threads);
    const TransferInputs inputs = load_transfer_inputs(arguments);
    catch_signals();
    ProgressBar bar(!arguments.quiet);
    int done = 0;
    Image generated = transfer(inputs.network, inputs.content, inputs.style, arguments.options,
                               make_observer(arguments, inputs, bar, done));
    bar.clear();
    if (done < arguments.options.iterations && stop_signal == 0) {
        note(arguments, "L-BFGS found no lower cost after " + std::to_string(done) +
                            " iterations; this is the best image.");
    }
    save(arguments, inputs, arguments.output, std::move(generated));
    if (!arguments.quiet) {
        std::cout << "Generated image saved to " << printable_text(arguments.output) << '\n';
    }
    return stop_signal != 0 ? signalled + stop_signal : 0;
}

}  // namespace

void add_transfer_command(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand(
        "transfer", "Paints CONTENT in the manner of STYLE and saves the result");
    const auto arguments = std::make_shared<TransferArguments>();
    add_transfer_arguments(*command, *arguments);
    command->footer(
        "Costs go to standard output as the tutorial prints them, after the step. Ctrl-C or "
        "SIGTERM\n"
        "stops after the current iteration and saves what there is (exit code 130 or 143); a "
        "second\n"
        "one ends at once. Errors give exit code 2.");
    command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace nst::tools
