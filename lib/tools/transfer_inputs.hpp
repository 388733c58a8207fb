// The checks and inputs of `nst transfer` before the work begins.
#pragma once

#include "nst/image.hpp"
#include "nst/network.hpp"
#include "transfer_arguments.hpp"

namespace nst::tools {

struct TransferInputs {
    Network network;
    Image content;  ///< resized to the result's size
    Matrix alpha;   ///< of the content, resized with it; empty when it is opaque
    Image style;
};

/// Checks the output, the sizes and the memory, in that order, before it loads the images; reports
/// its choices on standard error. Completes arguments.options with the initial image.
/// @throws Error for the first problem found
TransferInputs load_transfer_inputs(TransferArguments& arguments);

}  // namespace nst::tools
