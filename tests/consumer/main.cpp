#include <iostream>

#include "nst/nst.hpp"

int main() {
    const nst::Network network = nst::load_vgg19(nst::bundled_vgg19_file());
    const nst::Image picture = 128 * xt::ones<nst::Real>({16, 24, 3});
    nst::TransferOptions options;
    options.iterations = 2;
    const nst::Image painting = nst::transfer(network, picture, picture, options);
    std::cout << painting.shape(0) << ' ' << painting.shape(1) << ' ' << sizeof(nst::Real) << '\n';
}
