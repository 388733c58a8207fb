#include "nst/noise_image.hpp"

#include "base/require.hpp"
#include "base/view.hpp"
#include "nst/numpy_random.hpp"

namespace nst {
inline namespace NST_PRECISION {

Tensor3 noise_image(FeatureView content, double ratio, std::uint32_t seed) {
    require(ratio >= 0 && ratio <= 1, "noise_image: ratio must be in 0..1, got ", ratio);
    NumpyRandom random(seed);
    random.normal();  // the course's cost cell draws two numbers between the seed and the noise
    random.normal();
    Tensor3 mix = copy_of(content);
    for (Real& value : mix) {
        const auto noise = static_cast<float>(random.uniform(-20, 20));
        value = static_cast<Real>(static_cast<double>(noise * static_cast<float>(ratio)) +
                                  (1 - ratio) * static_cast<double>(value));
    }
    return mix;
}

}  // namespace NST_PRECISION
}  // namespace nst
