// Inputs for the tests of transfer.
#pragma once

#include "nst/transfer.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"

namespace nst_test {

/// A small network, two images of odd sizes, and options.
struct Studio {
    nst::Network network = small_vgg19();
    nst::Image content = random_image(19, 13, 1);
    nst::Image style = random_image(23, 17, 2);
    nst::TransferOptions options;

    nst::Image paint(const nst::Observer& observer = {}) const {
        return nst::transfer(network, content, style, options, observer);
    }
};

}  // namespace nst_test
