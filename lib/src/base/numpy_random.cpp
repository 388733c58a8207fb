#include "nst/numpy_random.hpp"

#include <cmath>

namespace nst {
inline namespace NST_PRECISION {

double NumpyRandom::fraction() {
    const std::uint32_t high = static_cast<std::uint32_t>(bits_()) >> 5;
    const std::uint32_t low = static_cast<std::uint32_t>(bits_()) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;  // 2^26 and 2^53
}

double NumpyRandom::uniform(double low, double high) {
    return low + (high - low) * fraction();
}

double NumpyRandom::normal() {
    if (has_second_normal_) {
        has_second_normal_ = false;
        return second_normal_;
    }
    double x = 0;
    double y = 0;
    double square = 0;
    do {
        x = uniform(-1, 1);
        y = uniform(-1, 1);
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double scale = std::sqrt(-2 * std::log(square) / square);
    second_normal_ = scale * x;
    has_second_normal_ = true;
    return scale * y;
}

}  // namespace NST_PRECISION
}  // namespace nst
