#include "golden/golden.hpp"
#include "golden/tolerances.hpp"
#include "support/catch.hpp"

using namespace nst_test;

TEST_CASE("forward: the output of every layer matches PyTorch, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    const nst::Activations activations =
        nst::forward(golden.network, golden.input, "pool5", golden.pooling);
    REQUIRE(activations.outputs.size() == golden.network.layers.size());
    for (std::size_t l = 0; l < activations.outputs.size(); ++l) {
        const std::string& name = golden.network.layers[l].name;
        INFO(golden.folder << "/" << name);
        CHECK(beyond(largest_error(digest(activations.outputs[l]), golden.numbers(name)),
                     activation_tolerance) == "");
    }
}

TEST_CASE("forward: one wrong value is detected, even in a sampled layer, " NST_BUILD) {
    const Golden golden(nst::Pooling::average);
    const nst::Activations activations = nst::forward(golden.network, golden.input, "conv1_1");
    const Numbers kept = golden.numbers("conv1_1");
    const nst::Tensor3& right = activations.outputs[0];
    // The last position is in no sample: only the means can reveal the error.
    nst::Tensor3 wrong = right;
    wrong(right.shape(0) - 1, right.shape(1) - 1, 0) += 1;
    CHECK(beyond(largest_error(digest(right), kept), activation_tolerance) == "");
    CHECK(beyond(largest_error(digest(wrong), kept), activation_tolerance) != "");
}
