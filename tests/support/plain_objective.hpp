// The objective assembled from its parts: the plain network forward and backward, and the losses.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/objective.hpp"
#include "nst/range_penalty.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_variation.hpp"

namespace nst_test {

/// The computation of nst::Objective without its fast paths.
class PlainObjective {
  public:
    PlainObjective(const nst::Network& network, const nst::Image& content, const nst::Image& style,
                   const nst::ObjectiveOptions& options = {})
        : network_(network), options_(options), last_(last_layer()) {
        if (!options.content_layer.empty()) {
            content_ =
                output(run(nst::subtract_mean(content, network.mean)), options.content_layer);
        }
        const nst::Activations style_activations = run(nst::subtract_mean(style, network.mean));
        const nst::Activations content_activations = run(nst::subtract_mean(content, network.mean));
        for (const nst::StyleLayer& layer : options.style_layers) {
            const nst::Tensor3& s = output(style_activations, layer.name);
            const double ratio =
                static_cast<double>(output(content_activations, layer.name).size()) /
                static_cast<double>(s.size());
            style_grams_.push_back(nst::gram_matrix(s));
            style_grams_.back() *= static_cast<nst::Real>(ratio);
        }
        if (options.relative) measure_start(content, content_activations);
    }

    nst::Evaluation operator()(const nst::Tensor3& input) const {
        const nst::Activations activations = run(input);
        nst::Evaluation parts{};
        nst::LayerGradients gradients;
        if (!options_.content_layer.empty()) {
            const nst::Tensor3& generated = output(activations, options_.content_layer);
            parts.content = nst::content_loss(generated, content_) / content_unit_;
            add_gradient(gradients, options_.content_layer, options_.content_weight / content_unit_,
                         nst::content_loss_backward(generated, content_));
        }
        for (std::size_t l = 0; l < style_grams_.size(); ++l) {
            const nst::StyleLayer& layer = options_.style_layers[l];
            const nst::Tensor3& f = output(activations, layer.name);
            const double unit = style_units_.empty() ? 1 : style_units_[l];
            parts.style_losses.push_back(nst::style_loss(f, style_grams_[l]) / unit);
            add_gradient(gradients, layer.name, options_.style_weight * layer.weight / unit,
                         nst::style_loss_backward(f, style_grams_[l]));
        }
        parts.style = nst::style_cost(parts.style_losses, options_.style_layers);
        parts.total = nst::total_cost(parts.content, parts.style, options_.content_weight,
                                      options_.style_weight);
        parts.gradient = nst::backward(network_, activations, gradients);
        if (options_.tv_weight != 0) {
            parts.total_variation = nst::total_variation(input) / variation_unit_;
            parts.total += options_.tv_weight * parts.total_variation;
            parts.gradient += static_cast<nst::Real>(options_.tv_weight / variation_unit_) *
                              nst::total_variation_backward(input);
        }
        if (options_.range_weight != 0) {
            parts.range_penalty = nst::range_penalty(input, network_.mean);
            parts.total += options_.range_weight * parts.range_penalty;
            parts.gradient += static_cast<nst::Real>(options_.range_weight) *
                              nst::range_penalty_backward(input, network_.mean);
        }
        return parts;
    }

  private:
    // The content loss of features that are all 0, and the other losses of the content image.
    void measure_start(const nst::Image& content, const nst::Activations& activations) {
        if (!options_.content_layer.empty()) {
            const nst::Tensor3 none = xt::zeros<nst::Real>(content_.shape());
            content_unit_ = nst::content_loss(none, content_);
        }
        for (std::size_t l = 0; l < style_grams_.size(); ++l) {
            style_units_.push_back(nst::style_loss(
                output(activations, options_.style_layers[l].name), style_grams_[l]));
        }
        variation_unit_ = nst::total_variation(nst::subtract_mean(content, network_.mean));
    }

    std::string last_layer() const {
        std::size_t last = 0;
        if (!options_.content_layer.empty()) last = network_.index_of(options_.content_layer);
        for (const nst::StyleLayer& layer : options_.style_layers) {
            last = std::max(last, network_.index_of(layer.name));
        }
        return network_.layers[last].name;
    }

    nst::Activations run(const nst::Tensor3& input) const {
        return nst::forward(network_, input, last_, options_.pooling, options_.padding);
    }

    const nst::Tensor3& output(const nst::Activations& activations,
                               const std::string& layer) const {
        return activations.outputs[network_.index_of(layer)];
    }

    // gradients[name] += factor * gradient
    static void add_gradient(nst::LayerGradients& gradients, const std::string& name, double factor,
                             const nst::Tensor3& gradient) {
        nst::Tensor3& sum = gradients[name];
        if (sum.shape() != gradient.shape()) sum = xt::zeros<nst::Real>(gradient.shape());
        for (std::size_t k = 0; k < sum.size(); ++k) {
            sum.data()[k] += static_cast<nst::Real>(factor) * gradient.data()[k];
        }
    }

    const nst::Network& network_;
    nst::ObjectiveOptions options_;
    std::string last_;
    nst::Tensor3 content_;
    std::vector<nst::Matrix> style_grams_;
    double content_unit_ = 1;
    double variation_unit_ = 1;
    std::vector<double> style_units_;
};

}  // namespace nst_test
