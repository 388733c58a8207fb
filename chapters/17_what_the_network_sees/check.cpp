#include "17_what_the_network_sees/check.hpp"

#include <cstddef>
#include <functional>

#include "by_hand.hpp"
#include "nst/gradcheck.hpp"
#include "nst/gram_matrix.hpp"

namespace check_17 {

namespace {

using course::numbers;
using course::Result;
using course::Value;
using nst::Activations;
using nst::LayerGradients;
using nst::LayerKind;
using nst::Matrix;
using nst::Network;
using nst::Tensor3;

using Numbers = std::vector<double>;

// ---- receptive_field ----

// Layers "layer 1", "layer 2" ...: a number above 1 is a kernel's side, 1 a ReLU and 0 a pooling.
Network of_kinds(const Numbers& kinds) {
    Network network;
    for (const double kind : kinds) {
        const auto side = static_cast<std::size_t>(kind);
        nst::Layer layer{
            LayerKind::conv, "layer " + std::to_string(network.layers.size() + 1), {}, {}};
        if (side == 0) layer.kind = LayerKind::pool;
        if (side == 1) layer.kind = LayerKind::relu;
        if (side > 1) layer.filters = xt::zeros<double>({side, side, side, side});
        network.layers.push_back(layer);
    }
    return network;
}

// What each layer makes of size and step; layer number `last`, from 1, is the last one.
template <class Step>
Result walked(const Numbers& kinds, double last, const Step& step) {
    double size = 1;
    double pixels = 1;
    for (std::size_t l = 0; l < static_cast<std::size_t>(last); ++l) step(kinds[l], size, pixels);
    return {Value::of("size", size), Value::of("step", pixels)};
}

using FieldTrial = course::Trial<Numbers, double>;

// How a layer changes size and step when a convolution adds its side less `less`, a pooling adds
// `more` and multiplies the step by `factor`; `in_pixels` takes no notice of the step.
struct Rule {
    double less = 1;
    double more = 1;
    double factor = 2;
    bool in_pixels = false;

    void operator()(double kind, double& size, double& step) const {
        if (kind > 1) size += (kind - less) * (in_pixels ? 1 : step);
        if (kind > 0) return;
        size += more * step;
        step *= factor;
    }
};

void add_field_suspects(FieldTrial& trial) {
    const auto add = [&](const char* words, const Rule& rule, int later = 0) {
        trial.suspect(words, [=](const Numbers& kinds, double layer) {
            return walked(kinds, layer + later, rule);
        });
    };
    add("every convolution adds as much: behind a pooling it adds kernel - 1 steps, not pixels",
        {1, 1, 2, true});
    add("a convolution adds its whole kernel: one position of it was seen before",
        {0, 1, 2, false});
    add("a pooling sees more as well: its window has two positions, one step apart",
        {1, 0, 2, false});
    add("a pooling doubles the step before it adds it: its window lies on the positions below",
        {1, 2, 2, false});
    add("a pooling doubles the step: its positions are twice as far apart", {1, 1, 1, false});
    add("the layer itself does not count: does the loop end one too early?", {}, -1);
    trial.suspect("all layers count: those behind the layer have nothing to do with it",
                  [](const Numbers& kinds, double) {
                      return walked(kinds, static_cast<double>(kinds.size()), Rule());
                  });
}

course::Function field(const Functions& yours, const Functions& right) {
    const auto call = [](auto receptive_field) {
        return [receptive_field](const Numbers& kinds, double layer) {
            const auto number = static_cast<std::size_t>(layer);
            const Field field = receptive_field(of_kinds(kinds), "layer " + std::to_string(number));
            return Result{Value::of("size", field[0]), Value::of("step", field[1])};
        };
    };
    FieldTrial trial("receptive_field", call(yours.receptive_field), call(right.receptive_field),
                     {"layers", "layer"});
    add_field_suspects(trial);
    trial.on("one convolution of 3x3", {3, 1, 3}, 1);
    trial.on("conv 3x3, ReLU, conv 3x3", {3, 1, 3, 0}, 3);
    trial.on("conv 3x3, ReLU, pooling (0)", {3, 1, 0, 3}, 3);
    trial.on("two poolings (0), kernels of 3 and 5", {3, 1, 0, 5, 1, 0, 3, 1, 3}, 7);
    trial.on("two poolings (0) one after the other", {0, 0, 3, 3}, 3);
    return trial.function;
}

// ---- the costs and the way back ----

// conv1_1 relu1_1 conv1_2 relu1_2 pool1 conv2_1 relu2_1, with 2 and 3 channels.
const Network& small_network() {
    static const Network network = [] {
        Network made;
        const auto add = [&](const std::string& number, std::size_t in, std::size_t out,
                             unsigned seed) {
            made.layers.push_back({LayerKind::conv, "conv" + number,
                                   numbers<nst::Filters>({3, 3, in, out}, seed),
                                   numbers<nst::Vector>({out}, seed + 1)});
            made.layers.push_back({LayerKind::relu, "relu" + number, {}, {}});
        };
        add("1_1", 3, 2, 1);
        add("1_2", 2, 2, 3);
        made.layers.push_back({LayerKind::pool, "pool1", {}, {}});
        add("2_1", 2, 3, 5);
        return made;
    }();
    return network;
}

// A way back in which one thing is different.
struct Variant {
    bool replaces = false;     // a loss does not add to what comes from above
    bool last_only = false;    // losses of layers below the last do not join
    bool joins_later = false;  // a loss joins below its layer
    bool no_relu = false;
};

Tensor3 varied_way_back(const Variant& variant, const Activations& activations,
                        const LayerGradients& losses) {
    const Network& network = small_network();
    Tensor3 dy = xt::zeros_like(activations.outputs.back());
    for (std::size_t l = activations.outputs.size(); l-- > 0;) {
        const nst::Layer& here = network.layers[l];
        const bool skipped = variant.last_only && l + 1 < activations.outputs.size();
        const bool joins = losses.count(here.name) > 0 && !skipped;
        const bool relu = here.kind == LayerKind::relu;
        if (joins && variant.replaces) dy.fill(0);
        if (joins && !(variant.joins_later && relu)) dy += losses.at(here.name);
        if (relu && !variant.no_relu) dy = nst::relu_backward(dy, activations.outputs[l]);
        if (joins && variant.joins_later && relu) dy += losses.at(here.name);
        if (here.kind == LayerKind::conv) dy = nst::conv2d_backward(dy, here.filters);
        if (here.kind == LayerKind::pool) {
            dy = nst::average_pool_backward(dy, activations.outputs[l - 1].shape());
        }
    }
    return dy;
}

// Losses at relu1_1 and at relu2_1; an empty one is not there, and without the second the network
// runs to relu1_1 alone.
using WayTrial = course::Trial<Tensor3, Tensor3, Tensor3>;
using Way = std::function<Tensor3(const Activations&, const LayerGradients&)>;

WayTrial::Call way_call(const Way& way) {
    return [way](const Tensor3& x, const Tensor3& at_1, const Tensor3& at_2) {
        LayerGradients losses;
        if (at_1.size() > 0) losses["relu1_1"] = at_1;
        if (at_2.size() > 0) losses["relu2_1"] = at_2;
        return way(nst::forward(small_network(), x, at_2.size() > 0 ? "relu2_1" : "relu1_1"),
                   losses);
    };
}

course::Function way(const Functions& yours, const Functions& right) {
    const auto whole = [](auto way_back) {
        return way_call([way_back](const Activations& activations, const LayerGradients& losses) {
            return way_back(small_network(), activations, losses);
        });
    };
    WayTrial trial("way_back", whole(yours.way_back), whole(right.way_back),
                   {"x", "at relu1_1", "at relu2_1"});
    const auto add = [&](const char* words, const Variant& variant) {
        trial.suspect(words, way_call([variant](const Activations& activations,
                                                const LayerGradients& losses) {
                          return varied_way_back(variant, activations, losses);
                      }));
    };
    add("a loss takes the place of what comes from above: is it added?",
        {true, false, false, false});
    add("only the loss of the last layer goes down: those of layers below join on the way",
        {false, true, false, false});
    add("a loss joins below its ReLU: it is a gradient at the output, so it goes through the layer",
        {false, false, true, false});
    add("the ReLUs let everything pass", {false, false, false, true});
    const auto x = [](std::size_t height, std::size_t width, unsigned seed) {
        return numbers<Tensor3>({height, width, 3}, seed);
    };
    trial.on("a loss at relu1_1", x(3, 2, 10), numbers<Tensor3>({3, 2, 2}, 11), Tensor3());
    trial.on("a loss at relu2_1, odd sizes", x(5, 3, 12), Tensor3(),
             numbers<Tensor3>({3, 2, 3}, 13));
    trial.on("losses at both, even sizes", x(4, 4, 14), numbers<Tensor3>({4, 4, 2}, 15),
             numbers<Tensor3>({2, 2, 3}, 16));
    return trial.function;
}

// What a cost gives: itself and the gradient that it writes.
Result both(const std::function<double(Tensor3&)>& cost) {
    Tensor3 gradient;
    const double value = cost(gradient);
    return {Value::of("J", value), Value::of("gradient", gradient)};
}

course::GradientCheck checked(const std::function<double(const Tensor3&, Tensor3&)>& cost) {
    const auto evaluate = [&](const Tensor3& x) {
        std::pair<double, Tensor3> result;
        result.first = cost(x, result.second);
        return result;
    };
    const nst::GradcheckReport report =
        nst::check_value_and_gradient(evaluate, numbers<Tensor3>({4, 5, 3}, 40));
    return {report.passed(), nst::describe(report)};
}

// The layer is told from the number of channels of a_C.
using ContentTrial = course::Trial<Tensor3, Tensor3>;

std::string layer_of(const Tensor3& a_C) {
    return a_C.shape(2) == 2 ? "relu1_2" : "relu2_1";
}

void add_content_suspects(ContentTrial& trial) {
    const auto add = [&](const char* words, auto wrong) {
        trial.suspect(words, [wrong](const Tensor3& x, const Tensor3& a_C) {
            const Activations activations = nst::forward(small_network(), x, layer_of(a_C));
            return both([&](Tensor3& gradient) { return wrong(activations, a_C, gradient); });
        });
    };
    const auto back = [](const Activations& activations, const Tensor3& at) {
        return by_hand::way_back(
            small_network(), activations,
            {{small_network().layers[activations.outputs.size() - 1].name, at}});
    };
    add("the gradient is not written",
        [](const Activations& activations, const Tensor3& a_C, Tensor3&) {
            return nst::content_loss(activations.outputs.back(), a_C);
        });
    add("the gradient is that at the layer: from there it is still the way back to the picture",
        [](const Activations& activations, const Tensor3& a_C, Tensor3& gradient) {
            gradient = nst::content_loss_backward(activations.outputs.back(), a_C);
            return nst::content_loss(activations.outputs.back(), a_C);
        });
    add("the gradient has the wrong sign: content_loss_backward takes the generated picture first",
        [=](const Activations& activations, const Tensor3& a_C, Tensor3& gradient) {
            gradient =
                back(activations, nst::content_loss_backward(a_C, activations.outputs.back()));
            return nst::content_loss(activations.outputs.back(), a_C);
        });
    add("the features are those before the ReLU: which output is the layer's?",
        [=](const Activations& activations, const Tensor3& a_C, Tensor3& gradient) {
            const Tensor3& before = activations.outputs[activations.outputs.size() - 2];
            gradient = back(activations, nst::content_loss_backward(before, a_C));
            return nst::content_loss(before, a_C);
        });
}

course::Function content(const Functions& yours, const Functions& right) {
    const auto call = [](auto content_only) {
        return [content_only](const Tensor3& x, const Tensor3& a_C) {
            return both([&](Tensor3& gradient) {
                return content_only(small_network(), x, layer_of(a_C), a_C, gradient);
            });
        };
    };
    ContentTrial trial("content_only", call(yours.content_only), call(right.content_only),
                       {"x", "a_C"});
    add_content_suspects(trial);
    const auto features = [](const Tensor3& x, const char* layer) {
        return Tensor3(nst::forward(small_network(), x, layer).outputs.back());
    };
    const auto x = numbers<Tensor3>({4, 3, 3}, 20);
    const auto photo = numbers<Tensor3>({4, 3, 3}, 21);
    trial.on("relu1_2", x, features(photo, "relu1_2"));
    trial.on("relu2_1", x, features(photo, "relu2_1"));
    trial.on("the photo itself costs nothing", photo, features(photo, "relu2_1"));
    trial.function.gradient = [f = yours.content_only, features] {
        const Tensor3 a_C = features(numbers<Tensor3>({4, 5, 3}, 41), "relu2_1");
        return checked([&](const Tensor3& at, Tensor3& gradient) {
            return f(small_network(), at, "relu2_1", a_C, gradient);
        });
    };
    return trial.function;
}

// The painting, and the weights of relu1_1 and relu2_1; with the weight 0, relu2_1 is not in the
// list.
using StyleTrial = course::Trial<Tensor3, Tensor3, double, double>;
using Style = std::function<double(const Tensor3&, const std::vector<nst::StyleLayer>&,
                                   const std::vector<Matrix>&, Tensor3&)>;

StyleTrial::Call style_call(const Style& style) {
    return [style](const Tensor3& x, const Tensor3& painting, double first, double second) {
        std::vector<nst::StyleLayer> layers = {{"relu1_1", first}};
        if (second > 0) layers.push_back({"relu2_1", second});
        const Activations activations = nst::forward(small_network(), painting, "relu2_1");
        std::vector<Matrix> grams;
        for (const nst::StyleLayer& layer : layers) {
            const std::size_t l = small_network().index_of(layer.name);
            grams.push_back(nst::gram_matrix(activations.outputs[l]));
        }
        return both([&](Tensor3& gradient) { return style(x, layers, grams, gradient); });
    };
}

void add_style_suspects(StyleTrial& trial) {
    // `cost` and `pull` are what the weight of a layer becomes in the cost and in the gradient.
    const auto add = [&](const char* words, auto cost, auto pull) {
        trial.suspect(words,
                      style_call([=](const Tensor3& x, const std::vector<nst::StyleLayer>& layers,
                                     const std::vector<Matrix>& grams, Tensor3& gradient) {
                          std::vector<nst::StyleLayer> costs = layers;
                          std::vector<nst::StyleLayer> pulls = layers;
                          for (std::size_t k = 0; k < layers.size(); ++k) {
                              const bool last = k + 1 == layers.size();
                              costs[k].weight = cost(layers[k].weight, last);
                              pulls[k].weight = pull(layers[k].weight, last);
                          }
                          Tensor3 other;
                          by_hand::style_only(small_network(), x, pulls, grams, gradient);
                          return by_hand::style_only(small_network(), x, costs, grams, other);
                      }));
    };
    const auto right = [](double weight, bool) { return weight; };
    const auto one = [](double, bool) { return 1.0; };
    const auto last_only = [](double weight, bool last) { return last ? weight : 0.0; };
    add("the weights are missing in cost and gradient", one, one);
    add("the weights are missing in the gradient", right, one);
    add("the weights are missing in the cost", one, right);
    add("only the last layer pulls at the picture: does every layer have its place in `losses`?",
        right, last_only);
    add("the cost is the last layer's alone: is it a sum?", last_only, right);
    add("only the last layer counts", last_only, last_only);
}

course::Function style(const Functions& yours, const Functions& right) {
    const auto call = [](auto style_only) {
        return style_call([style_only](const Tensor3& x, const std::vector<nst::StyleLayer>& layers,
                                       const std::vector<Matrix>& grams, Tensor3& gradient) {
            return style_only(small_network(), x, layers, grams, gradient);
        });
    };
    StyleTrial trial("style_only", call(yours.style_only), call(right.style_only),
                     {"x", "painting", "weight 1", "weight 2"});
    add_style_suspects(trial);
    const auto x = numbers<Tensor3>({4, 3, 3}, 30);
    const auto painting = numbers<Tensor3>({4, 3, 3}, 31);
    trial.on("relu1_1 alone, weight 1", x, painting, 1, 0);
    trial.on("relu1_1 alone, weight 0.25", x, painting, 0.25, 0);
    trial.on("relu1_1 and relu2_1", x, painting, 0.5, 0.125);
    trial.function.gradient = [f = yours.style_only] {
        const Activations activations =
            nst::forward(small_network(), numbers<Tensor3>({4, 5, 3}, 42), "relu2_1");
        const std::vector<nst::StyleLayer> layers = {{"relu1_1", 0.5}, {"relu2_1", 0.125}};
        const std::vector<Matrix> grams = {nst::gram_matrix(activations.outputs[1]),
                                           nst::gram_matrix(activations.outputs.back())};
        return checked([&](const Tensor3& at, Tensor3& gradient) {
            return f(small_network(), at, layers, grams, gradient);
        });
    };
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {field(yours, right), way(yours, right), content(yours, right), style(yours, right)};
}

}  // namespace check_17
