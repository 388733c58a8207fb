#include "nst/objective.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "base/require.hpp"
#include "engine/fused_network.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t no_layer = std::numeric_limits<std::size_t>::max();

// Where the network is captures: indices of layers. Content or style may be left out, not both.
struct CapturedLayers {
    std::size_t content;  // or no_layer
    std::vector<std::size_t> style;

    bool has_content() const { return content != no_layer; }

    // What a run to the last layer wanted needs to tap.
    std::vector<Capture> run(bool with_content, bool with_style) const {
        std::vector<std::size_t> layers;
        if (with_style) layers = style;
        if (with_content && has_content()) layers.push_back(content);
        std::vector<Capture> captured(*std::max_element(layers.begin(), layers.end()) + 1,
                                      Capture::none);
        for (const std::size_t layer : layers) captured[layer] = Capture::by_rows;
        if (with_content && has_content()) captured[content] = Capture::whole;
        return captured;
    }

    // Index in the list of style layers, or no_layer.
    std::size_t style_index(std::size_t layer) const {
        const auto found = std::find(style.begin(), style.end(), layer);
        return found == style.end() ? no_layer : static_cast<std::size_t>(found - style.begin());
    }
};

void require_weight(const std::string& name, double weight) {
    require(std::isfinite(weight) && weight >= 0, "Objective: the weight of ", name,
            " must be finite and not negative, got ", weight);
}

void require_picture(const char* name, const Shape3& shape) {
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3, "Objective: ", name,
            " must be (H, W, 3) and not empty, got ", shape_text(shape));
}

// Checks everything that can be checked before there is work, and finds the layers.
CapturedLayers find_captured_layers(const Network& network, const ObjectiveOptions& options,
                                    const Shape3& content, const Shape3& style) {
    require_picture("content", content);
    require_picture("style", style);
    require_weight("the content", options.content_weight);
    require_weight("the style", options.style_weight);
    require_weight("the total variation", options.tv_weight);
    require(!options.style_layers.empty() || !options.content_layer.empty(),
            "Objective: expected a content layer or a style layer, got none");
    CapturedLayers captured{no_layer, {}};
    if (!options.content_layer.empty()) captured.content = network.index_of(options.content_layer);
    for (const StyleLayer& layer : options.style_layers) {
        require_weight(layer.name, layer.weight);
        const std::size_t index = network.index_of(layer.name);
        require(captured.style_index(index) == no_layer, "Objective: style layer ", layer.name,
                " is in the list twice");
        captured.style.push_back(index);
    }
    return captured;
}

// A tap that was asked for whole.
ConstFeatures whole(const FeatureSource& features) {
    return {features.rows(0, features.shape()[0], 0), features.shape()};
}

double style_loss_of(const Matrix& gram_difference, std::size_t feature_size) {
    double sum = 0;
    for (const Real value : gram_difference) sum += static_cast<double>(value) * value;
    return sum * kernels::style_scale(feature_size) / 4;
}

// The style picture's Gram matrix at each style layer, scaled by HW_content / HW_style; none
// without style layers.
std::vector<Matrix> target_grams(const Network& network, const Image& style,
                                 const Shape3& content_shape, const CapturedLayers& captured,
                                 const ObjectiveOptions& options) {
    if (captured.style.empty()) return {};
    const std::vector<Capture> captures = captured.run(false, true);
    const FusedPlan plan =
        plan_fused_network(network, content_shape, captures, options.pooling, Direction::forward);
    FusedNetwork fused(network, style.shape(), captures, options.pooling, Direction::forward);
    Workspace workspace;
    std::vector<Matrix> grams(captured.style.size());
    const auto learn = [&](std::size_t layer, const FeatureSource& features) {
        Matrix& gram = grams[captured.style_index(layer)];
        gram.resize({features.channels(), features.channels()});
        kernels::gram_matrix(features, gram, workspace);
        const Shape3& own = plan.shapes[layer];
        const std::size_t positions = features.size() / features.channels();
        gram *= static_cast<Real>(static_cast<double>(own[0] * own[1]) /
                                  static_cast<double>(positions));
    };
    fused.forward(const_view(subtract_mean(style, network.mean)), learn, workspace);
    return grams;
}

// Bytes of the style layers' Gram matrices and of the sums that the largest of them needs.
std::size_t gram_bytes(const FusedPlan& plan, const CapturedLayers& captured) {
    std::size_t matrices = 0;
    std::size_t sums = 0;
    for (const std::size_t layer : captured.style) {
        const Shape3& shape = plan.shapes[layer];
        matrices += shape[2] * shape[2];
        sums = std::max(sums, kernels::gram_matrix_sums(shape));
    }
    return matrices * sizeof(Real) + sums * sizeof(double);
}

// The content picture's features, or nothing without a content layer.
Tensor3 target_features(const Network& network, const Image& content,
                        const CapturedLayers& captured, const ObjectiveOptions& options) {
    if (!captured.has_content()) return {};
    FusedNetwork fused(network, content.shape(), captured.run(true, false), options.pooling,
                       Direction::forward);
    Workspace workspace;
    Tensor3 target;
    const auto learn = [&](std::size_t, const FeatureSource& features) {
        target.resize(features.shape());
        std::copy_n(whole(features).data, features.size(), target.data());
    };
    fused.forward(const_view(subtract_mean(content, network.mean)), learn, workspace);
    return target;
}

}  // namespace

struct Objective::State {
    State(const Network& network, const Image& content, const Image& style,
          ObjectiveOptions options_in);

    void evaluate_costs(const Tensor3& input);
    void add_losses(std::size_t layer, const FeatureSource& features);
    void add_gradients(std::size_t layer, const FeatureSource& features, Features gradient);

    ObjectiveOptions options;
    CapturedLayers captured;
    std::vector<Matrix> style_grams;
    Tensor3 content_features;
    FusedNetwork fused;
    Workspace workspace;
    std::vector<Matrix> gram_differences;  // of the picture evaluated last
    Evaluation evaluation;
};

Objective::State::State(const Network& network, const Image& content, const Image& style,
                        ObjectiveOptions options_in)
    : options(std::move(options_in)),
      captured(find_captured_layers(network, options, content.shape(), style.shape())),
      style_grams(target_grams(network, style, content.shape(), captured, options)),
      content_features(target_features(network, content, captured, options)),
      fused(network, content.shape(), captured.run(true, true), options.pooling,
            Direction::forward_and_backward),
      gram_differences(style_grams),
      evaluation{0,
                 0,
                 0,
                 0,
                 std::vector<double>(captured.style.size()),
                 xt::zeros<Real>(content.shape())} {}

void Objective::State::add_losses(std::size_t layer, const FeatureSource& features) {
    if (layer == captured.content) {
        evaluation.content =
            kernels::squared_distance(whole(features), const_view(content_features)) /
            (4 * static_cast<double>(features.size()));
    }
    const std::size_t s = captured.style_index(layer);
    if (s == no_layer) return;
    Matrix& difference = gram_differences[s];
    kernels::gram_matrix(features, difference, workspace);
    // Not -=, for which xtensor makes a temporary matrix.
    std::transform(difference.begin(), difference.end(), style_grams[s].begin(), difference.begin(),
                   std::minus<>());
    evaluation.style_losses[s] = style_loss_of(difference, features.size());
}

void Objective::State::add_gradients(std::size_t layer, const FeatureSource& features,
                                     Features gradient) {
    if (layer == captured.content) {
        const double scale = options.content_weight / (2 * static_cast<double>(features.size()));
        kernels::add_scaled_difference(whole(features), const_view(content_features), scale,
                                       gradient);
    }
    const std::size_t s = captured.style_index(layer);
    if (s == no_layer) return;
    Matrix& difference = gram_differences[s];
    difference *= static_cast<Real>(options.style_weight * options.style_layers[s].weight *
                                    kernels::style_scale(features.size()));
    kernels::add_product(features, difference, gradient);
}

void Objective::State::evaluate_costs(const Tensor3& input) {
    require(input.shape() == evaluation.gradient.shape(), "Objective: input must be ",
            shape_text(evaluation.gradient.shape()), ", the content picture's size, got ",
            shape_text(input.shape()));
    fused.forward(
        const_view(input), [this](std::size_t l, const FeatureSource& f) { add_losses(l, f); },
        workspace);
    evaluation.style = style_cost(evaluation.style_losses, options.style_layers);
    evaluation.total = total_cost(evaluation.content, evaluation.style, options.content_weight,
                                  options.style_weight);
    if (options.tv_weight == 0) return;
    evaluation.total_variation = kernels::total_variation(const_view(input));
    evaluation.total += options.tv_weight * evaluation.total_variation;
}

Objective::Objective(const Network& network, const Image& content, const Image& style,
                     const ObjectiveOptions& options)
    : state_(std::make_unique<State>(network, content, style, options)) {}
Objective::~Objective() = default;
Objective::Objective(Objective&&) noexcept = default;
Objective& Objective::operator=(Objective&&) noexcept = default;

const Evaluation& Objective::operator()(const Tensor3& input) {
    state_->evaluate_costs(input);
    state_->fused.backward(
        const_view(input),
        [this](std::size_t l, const FeatureSource& f, Features g) {
            state_->add_gradients(l, f, g);
        },
        view(state_->evaluation.gradient), state_->workspace);
    if (state_->options.tv_weight != 0) {
        kernels::add_total_variation_gradient(const_view(input), state_->options.tv_weight,
                                              view(state_->evaluation.gradient));
    }
    return state_->evaluation;
}

const Evaluation& Objective::costs(const Tensor3& input) {
    state_->evaluate_costs(input);
    return state_->evaluation;
}

std::uint64_t objective_memory(const Network& network, const Shape3& content, const Shape3& style,
                               const ObjectiveOptions& options) {
    const CapturedLayers captured = find_captured_layers(network, options, content, style);
    const auto plan = [&](const Shape3& shape, bool with_content, bool with_style, Direction way) {
        return plan_fused_network(network, shape, captured.run(with_content, with_style),
                                  options.pooling, way);
    };
    std::uint64_t kept = 0;
    std::uint64_t most = 0;
    if (!captured.style.empty()) {
        const FusedPlan learning = plan(style, false, true, Direction::forward);
        kept += gram_bytes(learning, captured);
        most = kept + bytes_of(style) + learning.bytes();
    }
    if (captured.has_content()) {
        const FusedPlan learning = plan(content, true, false, Direction::forward);
        kept += bytes_of(learning.shapes[captured.content]);
        most = std::max(most, kept + bytes_of(content) + learning.bytes());
    }
    const FusedPlan loop = plan(content, true, true, Direction::forward_and_backward);
    return std::max(most, kept + gram_bytes(loop, captured) + bytes_of(content) + loop.bytes());
}

}  // namespace NST_PRECISION
}  // namespace nst
