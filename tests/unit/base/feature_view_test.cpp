#include "nst/feature_view.hpp"

#include <type_traits>
#include <vector>

#include "nst/gram_matrix.hpp"
#include "nst/network.hpp"
#include "nst/relu.hpp"
#include "support/catch.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::FeatureView;
using nst::Real;
using nst::Tensor3;

// A tensor of the library converts by itself; an array of another rank, type or order, which would
// have to be copied or guessed at, does not.
static_assert(std::is_convertible_v<Tensor3, FeatureView>);
static_assert(std::is_convertible_v<const Tensor3&, FeatureView>);
static_assert(std::is_convertible_v<nst::BasicFeatureView<Real>, FeatureView>);
static_assert(!std::is_convertible_v<FeatureView, nst::BasicFeatureView<Real>>);
static_assert(!std::is_convertible_v<const Tensor3&, nst::BasicFeatureView<Real>>);
static_assert(!std::is_convertible_v<nst::Matrix, FeatureView>);
static_assert(!std::is_convertible_v<nst::Filters, FeatureView>);
using Other = std::conditional_t<std::is_same_v<Real, float>, double, float>;
static_assert(!std::is_convertible_v<xt::xtensor<Other, 3>, FeatureView>);
static_assert(
    !std::is_convertible_v<xt::xtensor<Real, 3, xt::layout_type::column_major>, FeatureView>);
static_assert(
    !std::is_invocable_v<decltype(nst::subtract_mean), nst::Matrix, const std::array<Real, 3>&>);

TEST_CASE("FeatureView: reads a tensor in place") {
    const Tensor3 x = random_tensor<Tensor3>({2, 3, 4}, 1);
    const FeatureView view = x;
    CHECK(view.data == x.data());
    CHECK(view.height() == 2);
    CHECK(view.width() == 3);
    CHECK(view.channels() == 4);
    CHECK(view.positions() == 6);
    CHECK(view.size() == 24);
    CHECK(view.at(1, 2) == &x(1, 2, 0));
    CHECK(std::equal(view.begin(), view.end(), x.begin(), x.end()));
}

TEST_CASE("FeatureView: functions read the caller's memory and leave it as it is") {
    const Tensor3 x = random_tensor<Tensor3>({5, 3, 4}, 2);
    const std::vector<Real> memory(x.begin(), x.end());
    const FeatureView view(memory.data(), {5, 3, 4});
    CHECK((nst::relu(view) == nst::relu(x)));
    CHECK((nst::gram_matrix({memory.data(), {5, 3, 4}}) == nst::gram_matrix(x)));
    CHECK(std::equal(memory.begin(), memory.end(), x.begin()));
}
