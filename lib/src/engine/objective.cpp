#include "nst/objective.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/require.hpp"
#include "engine/objective_plan.hpp"
#include "operations/kernels.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Returns the activations of a layer that is captured whole.
FeatureView whole(const ActivationSource& features) {
    return {features.rows(0, features.shape()[0], 0), features.shape()};
}

double style_loss_of(const Matrix& gram_difference, std::size_t feature_size) {
    double sum = 0;
    for (const Real value : gram_difference) sum += static_cast<double>(value) * value;
    return sum * kernels::style_scale(feature_size) / 4;
}

// Returns the style image's Gram matrix at each style layer, scaled by HW_content / HW_style; empty
// without style layers.
std::vector<Matrix> target_grams(const Network& network, ImageView style,
                                 const ObjectivePlan& plan) {
    if (!plan.style_pass) return {};
    FusedNetwork fused(network, *plan.style_pass);
    Workspace workspace;
    std::vector<Matrix> grams(plan.captured.style.size());
    const auto learn = [&](std::size_t layer, const ActivationSource& features) {
        Matrix& gram = grams[plan.captured.style_index(layer)];
        gram.resize({features.channels(), features.channels()});
        kernels::gram_matrix(features, gram, workspace);
        const Shape3& own = plan.loop.shapes[layer];
        const std::size_t positions = features.size() / features.channels();
        gram *= static_cast<Real>(static_cast<double>(own[0] * own[1]) /
                                  static_cast<double>(positions));
    };
    fused.forward(subtract_mean(style, network.mean), learn, workspace);
    return grams;
}

// Returns the content image's features; empty without a content layer.
Tensor3 target_features(const Network& network, ImageView content, const ObjectivePlan& plan) {
    if (!plan.content_pass) return {};
    FusedNetwork fused(network, *plan.content_pass);
    Workspace workspace;
    Tensor3 target;
    const auto learn = [&](std::size_t, const ActivationSource& features) {
        target.resize(features.shape());
        std::copy_n(whole(features).data, features.size(), target.data());
    };
    fused.forward(subtract_mean(content, network.mean), learn, workspace);
    return target;
}

}  // namespace

struct Objective::State {
    State(const Network& network, ImageView content, ImageView style, ObjectiveOptions options_in,
          const ObjectivePlan& plan);

    void measure_start(FeatureView content, const ObjectivePlan& plan);
    void evaluate_costs(FeatureView input);
    void add_losses(std::size_t layer, const ActivationSource& features);
    void add_gradients(std::size_t layer, const ActivationSource& features,
                       MutableFeatureView gradient);
    void add_image_gradients(FeatureView input);

    ObjectiveOptions options;
    std::array<Real, 3> mean;
    CapturedLayers captured;
    std::vector<Matrix> style_grams;
    Tensor3 content_features;
    FusedNetwork fused;
    Workspace workspace;
    std::vector<Matrix> gram_differences;  // of the image evaluated last
    // What the losses are divided by; 1 unless the options say relative.
    double content_unit = 1;
    double variation_unit = 1;
    std::vector<double> style_units;
    Evaluation evaluation;
};

Objective::State::State(const Network& network, ImageView content, ImageView style,
                        ObjectiveOptions options_in, const ObjectivePlan& plan)
    : options(std::move(options_in)),
      mean(network.mean),
      captured(plan.captured),
      style_grams(target_grams(network, style, plan)),
      content_features(target_features(network, content, plan)),
      fused(network, plan.loop),
      gram_differences(style_grams),
      style_units(captured.style.size(), 1),
      evaluation{0,
                 0,
                 0,
                 0,
                 0,
                 std::vector<double>(captured.style.size()),
                 subtract_mean(content, network.mean)} {
    if (options.relative) measure_start(evaluation.gradient, plan);
    evaluation.gradient.fill(Real(0));
}

// Finds what is there at the start. A loss that is 0 there, such as that of an image in its own
// style, is measured against a small share of what an empty image would give.
void Objective::State::measure_start(FeatureView content, const ObjectivePlan& plan) {
    constexpr double least_share = 1e-4;
    evaluate_costs(content);
    const auto energy = [](const auto& numbers) {
        double sum = 0;
        for (const Real value : numbers) sum += static_cast<double>(value) * value;
        return sum > 0 ? sum : 1;
    };
    if (captured.has_content()) {
        content_unit =
            energy(content_features) / (4 * static_cast<double>(content_features.size()));
    }
    for (std::size_t s = 0; s < style_units.size(); ++s) {
        const Shape3& shape = plan.loop.shapes[captured.style[s]];
        const double of_none =
            energy(style_grams[s]) * kernels::style_scale(shape[0] * shape[1] * shape[2]) / 4;
        style_units[s] = std::max(evaluation.style_losses[s], least_share * of_none);
    }
    variation_unit = std::max(kernels::total_variation(content), 1.0);
}

void Objective::State::add_losses(std::size_t layer, const ActivationSource& features) {
    if (layer == captured.content) {
        evaluation.content =
            kernels::content_loss(whole(features), content_features) / content_unit;
    }
    const std::size_t s = captured.style_index(layer);
    if (s == no_layer) return;
    Matrix& difference = gram_differences[s];
    kernels::gram_matrix(features, difference, workspace);
    // Not -=, because xtensor makes a temporary matrix for it.
    std::transform(difference.begin(), difference.end(), style_grams[s].begin(), difference.begin(),
                   std::minus<>());
    evaluation.style_losses[s] = style_loss_of(difference, features.size()) / style_units[s];
}

void Objective::State::add_gradients(std::size_t layer, const ActivationSource& features,
                                     MutableFeatureView gradient) {
    if (layer == captured.content) {
        kernels::add_content_loss_gradient(whole(features), content_features,
                                           options.content_weight / content_unit, gradient);
    }
    const std::size_t s = captured.style_index(layer);
    if (s == no_layer) return;
    Matrix& difference = gram_differences[s];
    difference *= static_cast<Real>(options.style_weight * options.style_layers[s].weight *
                                    kernels::style_scale(features.size()) / style_units[s]);
    kernels::add_product(features, difference, gradient);
}

// Adds the gradients of the costs that need no network.
void Objective::State::add_image_gradients(FeatureView input) {
    if (options.tv_weight != 0) {
        kernels::add_total_variation_gradient(input, options.tv_weight / variation_unit,
                                              evaluation.gradient);
    }
    if (options.range_weight != 0) {
        kernels::add_range_penalty_gradient(input, mean, options.range_weight, evaluation.gradient);
    }
}

void Objective::State::evaluate_costs(FeatureView input) {
    require(input.shape == evaluation.gradient.shape(), "Objective: input must be ",
            shape_text(evaluation.gradient.shape()), ", the content image's size, got ",
            shape_text(input.shape));
    fused.forward(
        input, [this](std::size_t l, const ActivationSource& f) { add_losses(l, f); }, workspace);
    evaluation.style = style_cost(evaluation.style_losses, options.style_layers);
    evaluation.total = total_cost(evaluation.content, evaluation.style, options.content_weight,
                                  options.style_weight);
    if (options.tv_weight != 0) {
        evaluation.total_variation = kernels::total_variation(input) / variation_unit;
        evaluation.total += options.tv_weight * evaluation.total_variation;
    }
    if (options.range_weight != 0) {
        evaluation.range_penalty = kernels::range_penalty(input, mean);
        evaluation.total += options.range_weight * evaluation.range_penalty;
    }
}

Objective::Objective(const Network& network, ImageView content, ImageView style,
                     const ObjectiveOptions& options)
    : state_(std::make_unique<State>(network, content, style, options,
                                     ObjectivePlan(network, options, content.shape, style.shape))) {
}
Objective::~Objective() = default;
Objective::Objective(Objective&&) noexcept = default;
Objective& Objective::operator=(Objective&&) noexcept = default;

const Evaluation& Objective::operator()(FeatureView input) {
    state_->evaluate_costs(input);
    state_->fused.backward(
        input,
        [this](std::size_t l, const ActivationSource& f, MutableFeatureView g) {
            state_->add_gradients(l, f, g);
        },
        state_->evaluation.gradient, state_->workspace);
    state_->add_image_gradients(input);
    return state_->evaluation;
}

const Evaluation& Objective::costs(FeatureView input) {
    state_->evaluate_costs(input);
    return state_->evaluation;
}

std::uint64_t objective_memory(const Network& network, const Shape3& content, const Shape3& style,
                               const ObjectiveOptions& options) {
    return ObjectivePlan(network, options, content, style).peak_bytes();
}

}  // namespace NST_PRECISION
}  // namespace nst
