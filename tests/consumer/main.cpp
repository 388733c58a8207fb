#include <iostream>

#include "nst/nst.hpp"

int main() {
    const nst::Network network = nst::load_vgg19(nst::bundled_vgg19_file());
    const nst::Image image = 128 * xt::ones<nst::Real>({16, 24, 3});
    nst::TransferOptions options;
    options.iterations = 2;
    const nst::Image generated = nst::transfer(network, image, image, options);
    std::cout << generated.shape(0) << ' ' << generated.shape(1) << ' ' << sizeof(nst::Real)
              << '\n';
}
