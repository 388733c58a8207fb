#include "nst/random_vgg19.hpp"

#include <cmath>

#include "nst/standardised.hpp"
#include "orthogonal_vgg19.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

Network random_vgg19(const std::vector<Image>& pictures, const RandomVgg19Options& options) {
    require(!pictures.empty(), "random_vgg19: expected at least one picture, got none");
    require(std::isfinite(options.spread) && options.spread > 0,
            "random_vgg19: spread must be positive and finite, got ", options.spread);
    NumpyRandom random(options.seed);
    return standardised(orthogonal_vgg19("random_vgg19", options.channels, random), pictures,
                        options.spread);
}

}  // namespace NST_PRECISION
}  // namespace nst
