#include "nst/random_vgg19.hpp"

#include <cmath>

#include "base/require.hpp"
#include "network/orthogonal_vgg19.hpp"
#include "nst/calibrate_activations.hpp"
#include "nst/numpy_random.hpp"

namespace nst {
inline namespace NST_PRECISION {

Network random_vgg19(const std::vector<Image>& images, const RandomVgg19Options& options) {
    require(!images.empty(), "random_vgg19: expected at least one image, got none");
    require(std::isfinite(options.std_dev) && options.std_dev > 0,
            "random_vgg19: std_dev must be positive and finite, got ", options.std_dev);
    NumpyRandom random(options.seed);
    return calibrate_activations(orthogonal_vgg19("random_vgg19", options.channels, random), images,
                                 options.std_dev);
}

}  // namespace NST_PRECISION
}  // namespace nst
