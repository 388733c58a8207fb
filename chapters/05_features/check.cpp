#include "05_features/check.hpp"

#include "by_hand.hpp"

namespace check_05 {

namespace {

using course::numbers;
using course::Result;
using course::Value;
using nst::Layer;
using nst::LayerKind;
using nst::Network;
using nst::Tensor3;
using Outputs = std::vector<Tensor3>;

// Two blocks of VGG-19, small enough to print.
const Network& small_network() {
    static const Network network = [] {
        Network made;
        std::size_t inputs = 3;
        unsigned seed = 1;
        for (const char* name : {"1_1", "1_2", "2_1", "2_2"}) {
            made.layers.push_back({LayerKind::conv, std::string("conv") + name,
                                   numbers<nst::Filters>({3, 3, inputs, 2}, seed),
                                   numbers<nst::Vector>({2}, seed + 1)});
            made.layers.push_back({LayerKind::relu, std::string("relu") + name, {}, {}});
            if (name[2] == '2') {
                made.layers.push_back({LayerKind::pool, std::string("pool") + name[0], {}, {}});
            }
            inputs = 2;
            seed += 2;
        }
        return made;
    }();
    return network;
}

Result named(const Outputs& outputs) {
    Result result = {Value::of("number of outputs", static_cast<double>(outputs.size()))};
    for (std::size_t l = 0; l < outputs.size() && l < small_network().layers.size(); ++l) {
        result.values.push_back(Value::of(small_network().layers[l].name, outputs[l]));
    }
    return result;
}

// The chain with one thing different.
struct Variant {
    bool use_relu = true;
    bool use_bias = true;
    bool max_pooling = false;
    int more = 0;  // layers beyond the last one
};

Outputs varied(const Variant& variant, const Tensor3& input, std::size_t last) {
    Outputs outputs;
    const auto& layers = small_network().layers;
    const auto end = static_cast<std::size_t>(static_cast<int>(last) + 1 + variant.more);
    for (std::size_t l = 0; l < std::min(end, layers.size()); ++l) {
        const Tensor3& x = outputs.empty() ? input : outputs.back();
        if (layers[l].kind == LayerKind::conv) {
            const nst::Vector bias = (variant.use_bias ? 1 : 0) * layers[l].bias;
            outputs.push_back(nst::conv2d(x, layers[l].filters, bias));
        } else if (layers[l].kind == LayerKind::relu) {
            outputs.push_back(variant.use_relu ? nst::relu(x) : x);
        } else {
            outputs.push_back(variant.max_pooling ? nst::max_pool(x).y : nst::average_pool(x));
        }
    }
    return outputs;
}

using BlockTrial = course::Trial<Tensor3>;
using ChainTrial = course::Trial<Tensor3, double>;

template <class Change>
void add(BlockTrial& trial, const std::string& words, const Change& change) {
    Variant variant;
    change(variant);
    trial.suspect(words, [=](const Tensor3& input) { return named(varied(variant, input, 4)); });
}

template <class Change>
void add(ChainTrial& trial, const std::string& words, const Change& change) {
    Variant variant;
    change(variant);
    trial.suspect(words, [=](const Tensor3& input, double last) {
        return named(varied(variant, input, static_cast<std::size_t>(last)));
    });
}

template <class Trial>
void add_common(Trial& trial) {
    add(trial, "ReLU is left out: each relu layer is max(x, 0) of the one before",
        [](Variant& v) { v.use_relu = false; });
    add(trial, "the biases are left out", [](Variant& v) { v.use_bias = false; });
    add(trial, "pooling takes the largest value: the tutorial takes the mean",
        [](Variant& v) { v.max_pooling = true; });
}

course::Function block_1(const Functions& yours) {
    const auto call = [](auto block) {
        return [block](const Tensor3& input) { return named(block(small_network(), input)); };
    };
    BlockTrial trial("block_1", call(yours.block_1), call(by_hand::block_1), {"input"});
    add_common(trial);
    trial.suspect("conv1_2 takes the output of conv1_1: it takes that of relu1_1",
                  [](const Tensor3& input) {
                      const auto& layers = small_network().layers;
                      Outputs outputs = by_hand::block_1(small_network(), input);
                      outputs[2] = nst::conv2d(outputs[0], layers[2].filters, layers[2].bias);
                      outputs[3] = nst::relu(outputs[2]);
                      outputs[4] = nst::average_pool(outputs[3]);
                      return named(outputs);
                  });
    trial.suspect("relu1_2 is missing before the pooling", [](const Tensor3& input) {
        Outputs outputs = by_hand::block_1(small_network(), input);
        outputs[4] = nst::average_pool(outputs[2]);
        return named(outputs);
    });
    trial.on("one pixel", numbers<Tensor3>({1, 1, 3}, 11));
    trial.on("3x4 pixels", numbers<Tensor3>({3, 4, 3}, 12));
    return trial.function;
}

course::Function forward(const Functions& yours) {
    const auto call = [](auto chain) {
        return [chain](const Tensor3& input, double last) {
            const std::string& name = small_network().layers[static_cast<std::size_t>(last)].name;
            return named(chain(small_network(), input, name));
        };
    };
    ChainTrial trial("forward", call(yours.forward), call(by_hand::forward),
                     {"input", "index of last_layer"});
    add_common(trial);
    add(trial, "it stops before the last layer: its output is wanted too",
        [](Variant& v) { v.more = -1; });
    add(trial, "it goes one layer too far", [](Variant& v) { v.more = 1; });
    add(trial, "it never stops at the last layer", [](Variant& v) { v.more = 100; });
    trial.trait({"the first layer alone", "does each layer take the output of the one before?", ""},
                [](const Tensor3&, double last) { return last == 0; });
    trial.on("conv1_1 alone", numbers<Tensor3>({2, 2, 3}, 13), 0);
    trial.on("up to relu1_2", numbers<Tensor3>({3, 3, 3}, 14), 3);
    trial.on("up to pool1", numbers<Tensor3>({3, 4, 3}, 15), 4);
    trial.on("up to relu2_1", numbers<Tensor3>({5, 4, 3}, 16), 6);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    return {block_1(yours), forward(yours)};
}

}  // namespace check_05
