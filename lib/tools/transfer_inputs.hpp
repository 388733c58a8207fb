// What `nst transfer` checks and loads before the work begins.
#pragma once

#include "nst/image.hpp"
#include "nst/network.hpp"
#include "transfer_arguments.hpp"

namespace nst::tools {

struct TransferInputs {
    Network network;
    Image content;  ///< of the result's size
    Image style;
};

/// Checks the output, the sizes and the memory, in that order, before it loads the images; says on
/// standard error what it chose. Completes arguments.options with the start.
/// @throws Error with the first thing that stands in the way
TransferInputs load_transfer_inputs(TransferArguments& arguments);

}  // namespace nst::tools
