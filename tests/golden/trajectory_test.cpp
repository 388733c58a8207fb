#include "nst/transfer.hpp"

#include "golden/golden.hpp"
#include "golden/tolerances.hpp"
#include "support/catch.hpp"
#include "support/npy.hpp"

using namespace nst_test;

namespace {

// The snapshots that transfer reported.
struct Trip {
    std::vector<Numbers> costs;
    std::vector<nst::Tensor3> images;  // minus the mean
    nst::Image generated;
};

Trip travel(const Golden& golden) {
    Trip trip;
    nst::TransferOptions options;
    options.objective = golden.options;
    options.iterations = golden_iterations;
    options.start = golden.start;
    trip.generated = nst::transfer(golden.network, golden.content, golden.style, options,
                                   [&](const nst::Progress& progress) {
                                       trip.costs.push_back(costs_of(progress.costs));
                                       trip.images.push_back(progress.input);
                                       return true;
                                   });
    return trip;
}

// The distance to PyTorch's image, in units of the distance from the start to that image.
double astray(const nst::Tensor3& ours, const Numbers& golden, const nst::Tensor3& start) {
    const bool complete = golden.size() == ours.size();
    Numbers our_way = complete ? numbers_of(ours) : digest(ours);
    Numbers golden_way = golden;
    const Numbers from = complete ? numbers_of(start) : digest(start);
    REQUIRE(our_way.size() == golden_way.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
        our_way[k] -= from[k];
        golden_way[k] -= from[k];
    }
    return distance(our_way, golden_way);
}

// Entry `step` of an array whose first axis counts steps.
nst::Tensor3 at_step(const xt::xtensor<double, 4>& all, std::size_t step) {
    nst::Tensor3 one = nst::Tensor3::from_shape({all.shape(1), all.shape(2), all.shape(3)});
    for (std::size_t k = 0; k < one.size(); ++k) {
        one.data()[k] = static_cast<nst::Real>(all.data()[step * one.size() + k]);
    }
    return one;
}

}  // namespace

TEST_CASE("transfer: costs and images of 50 iterations match PyTorch, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    const Trip trip = travel(golden);
    REQUIRE(trip.costs.size() == golden_iterations);
    for (std::size_t step = 1; step <= golden_iterations; ++step) {
        INFO(golden.folder << ", costs after step " << step);
        CHECK(beyond(relative_error(trip.costs[step - 1], golden.costs_after(step)),
                     trajectory_cost_tolerance(step)) == "");
    }
    const auto check_image = [&](const nst::Tensor3& ours, std::size_t step) {
        INFO(golden.folder << ", image after step " << step);
        const Numbers expected = golden.numbers("picture_" + std::to_string(step));
        CHECK(beyond(astray(ours, expected, golden.input), trajectory_image_tolerance(step)) == "");
    };
    for (const std::size_t step : golden_snapshots) check_image(trip.images[step - 1], step);
    check_image(nst::subtract_mean(trip.generated, golden.network.mean), golden_iterations);
}

TEST_CASE("Adam: TensorFlow 1's form on gradients from 1e-12 to 1e3, " NST_BUILD) {
    const auto gradients = read_npy<double, 4>(golden_file("adam/gradients"));
    const auto positions = read_npy<double, 4>(golden_file("adam/positions"));
    nst::Adam adam;
    nst::Tensor3 x = at_step(positions, 0);
    for (std::size_t step = 1; step < positions.shape(0); ++step) {
        adam.step(x, at_step(gradients, step - 1));
        INFO("after step " << step);
        CHECK(beyond(largest_error(numbers_of(x), numbers_of(at_step(positions, step))),
                     adam_tolerance) == "");
    }
}
