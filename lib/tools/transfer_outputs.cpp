#include "transfer_outputs.hpp"

#include <string>
#include <system_error>

#include "nst/image.hpp"
#include "output_files.hpp"
#include "require.hpp"
#include "weights_lookup.hpp"

namespace nst::tools {

namespace fs = std::filesystem;

namespace {

InputFiles inputs_of(const TransferArguments& arguments) {
    InputFiles inputs;
    inputs.add("the content image", arguments.content);
    inputs.add("the style image", arguments.style);
    if (names_start_image(arguments)) inputs.add("the start image", arguments.start);
    inputs.add("the file of weights", find_weights(arguments.weights));
    return inputs;
}

void note_hard_links(const TransferArguments& arguments, const fs::path& output) {
    const std::string line = hard_link_note(output);
    if (!line.empty()) note(arguments, line);
}

// A run may save a million images, so this looks at those that exist, and at the longest name.
void check_numbered(const TransferArguments& arguments, const InputFiles& inputs) {
    if (arguments.save_every <= 0) return;
    const int count = arguments.options.scales * arguments.options.iterations;
    for (int iteration = 0; iteration < count; iteration += arguments.save_every) {
        const fs::path file = numbered(arguments.output, iteration);
        const bool last = iteration >= count - arguments.save_every;
        std::error_code ignored;
        if (!last && !fs::exists(file, ignored)) continue;
        const std::string input = inputs.same_file(file);
        require(input.empty(), "transfer: ", file.string(), ", which --save-every writes, is ",
                input, ", which would be lost. Give another name with -o");
        check_output_file(file, {{}, arguments.bits});
        note_hard_links(arguments, file);
    }
}

}  // namespace

fs::path numbered(const fs::path& output, int iteration) {
    fs::path name = output.stem();
    name += "_" + std::to_string(iteration);
    name += output.extension();
    return output.parent_path() / name;
}

void check_transfer_outputs(const TransferArguments& arguments) {
    const InputFiles inputs = inputs_of(arguments);
    const std::string input = inputs.same_file(arguments.output);
    require(input.empty(), "transfer: the output ", arguments.output, " is ", input,
            ", which would be lost. Give another name with -o");
    check_output_file(arguments.output, {{}, arguments.bits});
    note_hard_links(arguments, arguments.output);
    check_numbered(arguments, inputs);
}

}  // namespace nst::tools
