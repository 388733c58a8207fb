#include "nst/batch_norm.hpp"

#include <cmath>

#include "nst/threads.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::BatchNormed;
using nst::Real;
using nst::Tensor3;

namespace {

constexpr double sum_tolerance = 20 * epsilon;  // a few operations on numbers around 1

}  // namespace

TEST_CASE("batch_norm: gives numbers computed by hand") {
    // Channel 0: 1, 3, 5, 7 has mean 4 and variance 5. Channel 1: mean 0, variance 1.
    const Tensor3 x = {{{1, -1}, {3, 1}}, {{5, 1}, {7, -1}}};
    const BatchNormed normed = nst::batch_norm(x);
    const double five = std::sqrt(5 + 1e-5);
    const double one = std::sqrt(1 + 1e-5);
    CHECK(agree(double(normed.std_devs(0)), five, sum_tolerance));
    CHECK(agree(double(normed.std_devs(1)), one, sum_tolerance));
    CHECK(agree(double(normed.y(0, 0, 0)), -3 / five, sum_tolerance));
    CHECK(agree(double(normed.y(1, 0, 0)), 1 / five, sum_tolerance));
    CHECK(agree(double(normed.y(1, 1, 1)), -1 / one, sum_tolerance));
}

TEST_CASE("batch_norm: does not depend on shift and scale of a channel") {
    const Tensor3 x = random_tensor<Tensor3>({17, 5, 3}, 1);
    const Tensor3 y = nst::batch_norm(x).y;
    // The shift leaves only the rounding of x, to steps of 1000 epsilon.
    CHECK(agree(nst::batch_norm(Tensor3(x + 1000)).y, y, 1e4 * epsilon));
    // The variance is large, or 1/3, so the epsilon added to the variance changes y by at most
    // 3e-5.
    constexpr double epsilon_tolerance = 1e-4;
    CHECK(agree(nst::batch_norm(Tensor3(x * 1000)).y, y, epsilon_tolerance));
}

TEST_CASE("batch_norm: a constant channel becomes 0, and forward and backward stay finite") {
    Tensor3 x = random_tensor<Tensor3>({4, 4, 2}, 2);
    for (std::size_t k = 0; k < x.size(); k += 2) x.data()[k] = Real(1e6);
    const BatchNormed normed = nst::batch_norm(x);
    const Tensor3 dx = nst::batch_norm_backward(x, normed);
    for (std::size_t k = 0; k < x.size(); k += 2) CHECK(normed.y.data()[k] == 0);
    for (const Real value : dx) CHECK(std::isfinite(value));
}

TEST_CASE("batch_norm: gives the same bits for any number of threads") {
    const Tensor3 x = random_tensor<Tensor3>({100, 7, 5}, 3);
    const Tensor3 dy = random_tensor<Tensor3>({100, 7, 5}, 4);
    const int threads = nst::thread_count();
    std::vector<Tensor3> gradients;
    for (const int count : {1, 2, 5}) {
        nst::set_thread_count(count);
        gradients.push_back(nst::batch_norm_backward(dy, nst::batch_norm(x)));
    }
    nst::set_thread_count(threads);
    CHECK(same_bits(gradients[0], gradients[1]));
    CHECK(same_bits(gradients[0], gradients[2]));
}

TEST_CASE("batch_norm: rejects empty tensors and shapes that do not match") {
    CHECK(error_of([] {
              nst::batch_norm(Tensor3::from_shape({0, 3, 2}));
          }) == "batch_norm: x must not be empty, got 0x3x2");
    BatchNormed normed = nst::batch_norm(random_tensor<Tensor3>({2, 3, 2}, 5));
    CHECK(error_of([&] {
              nst::batch_norm_backward(Tensor3::from_shape({3, 2, 2}), normed);
          }) == "batch_norm_backward: dy must have the shape of y, 2x3x2, got 3x2x2");
    normed.std_devs = nst::Vector::from_shape({3});
    CHECK(error_of([&] { nst::batch_norm_backward(normed.y, normed); }) ==
          "batch_norm_backward: expected a deviation for each of 2 channels, got 3");
}
