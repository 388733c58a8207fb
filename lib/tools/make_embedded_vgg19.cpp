// Writes the embedded network at build time: make_embedded_vgg19 OUT.mat PICTURE...
#include <exception>
#include <iostream>
#include <string>

#include "nst/embedded_vgg19.hpp"
#include "nst/image.hpp"
#include "nst/random_vgg19.hpp"
#include "nst/vgg19.hpp"

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: make_embedded_vgg19 OUT.mat PICTURE...\n";
        return 2;
    }
    try {
        std::vector<nst::Image> pictures;
        for (int k = 2; k < argc; ++k) pictures.push_back(nst::load_image(argv[k]));
        nst::Network network = nst::random_vgg19(pictures);
        network.description = std::string(nst::embedded_vgg19_mark) +
                              ", random orthogonal filters, standardised over " +
                              std::to_string(pictures.size()) + " pictures";
        nst::save_vgg19(network, argv[1]);
    } catch (const std::exception& error) {
        std::cerr << "make_embedded_vgg19: " << error.what() << '\n';
        return 2;
    }
    return 0;
}
