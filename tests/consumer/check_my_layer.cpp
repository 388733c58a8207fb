// A user's own layers, checked with nst's gradient checker. The checker is header-only and always
// computes in double: the program neither links the library nor uses its layers.
#include <cmath>
#include <iostream>
#include <string>

#include "nst/gradcheck.hpp"

namespace {

using Features = xt::xtensor<double, 3>;  // (rows, columns, channels)

// Leaky ReLU: y = x where x is positive, else x / 10. Correct.
Features leaky_relu(const Features& x) {
    return xt::where(x > 0.0, x, 0.1 * x);
}
Features leaky_relu_backward(const Features& dy, const Features& x) {
    return xt::where(x > 0.0, dy, 0.1 * dy);
}

// A scale per channel: y(i, j, c) = scale(c) x(i, j, c). Wrong: backward omits the scale.
const xt::xtensor<double, 1> scale = {2, 0.5, 5};
Features scale_channels(const Features& x) {
    return x * scale;
}
Features scale_channels_backward(const Features& dy, const Features&) {
    return dy;
}

// The mean of the squares. Wrong: this is the gradient of their sum.
double mean_square(const Features& x) {
    return xt::sum(x * x)() / static_cast<double>(x.size());
}
Features mean_square_gradient(const Features& x) {
    return 2.0 * x;
}

void tell(const std::string& name, const nst::GradcheckReport& report) {
    std::cout << name << ": " << (report.passed() ? "right" : report.diagnosis.words) << '\n';
}

}  // namespace

int main() {
    Features x = xt::zeros<double>({4, 5, 3});
    double angle = 0;
    for (double& value : x) {
        value = std::sin(angle += 1);  // any values except 0, the kink of leaky ReLU
    }

    tell("leaky_relu", nst::check_backward(leaky_relu, leaky_relu_backward, x));
    tell("scale_channels", nst::check_backward(scale_channels, scale_channels_backward, x));
    tell("mean_square", nst::check_gradient(mean_square, mean_square_gradient, x));
}
