#include "engine/objective_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/require.hpp"
#include "operations/kernels.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_weight(const std::string& name, double weight) {
    require(std::isfinite(weight) && weight >= 0, "Objective: the weight of ", name,
            " must be finite and not negative, got ", weight);
}

void require_image(const char* name, const Shape3& shape) {
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3, "Objective: ", name,
            " must be (H, W, 3) and not empty, got ", shape_text(shape));
}

CapturedLayers find_captured_layers(const Network& network, const ObjectiveOptions& options,
                                    const Shape3& content, const Shape3& style) {
    require_image("content", content);
    require_image("style", style);
    require_weight("the content", options.content_weight);
    require_weight("the style", options.style_weight);
    require_weight("the total variation", options.tv_weight);
    require_weight("the range penalty", options.range_weight);
    require(!options.style_layers.empty() || !options.content_layer.empty(),
            "Objective: expected a content layer or a style layer, got none");
    CapturedLayers captured;
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

// Returns the bytes of the style layers' Gram matrices and of the sums that the largest needs.
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

}  // namespace

std::vector<Capture> CapturedLayers::run(bool with_content, bool with_style) const {
    std::vector<std::size_t> layers;
    if (with_style) layers = style;
    if (with_content && has_content()) layers.push_back(content);
    std::vector<Capture> captures(*std::max_element(layers.begin(), layers.end()) + 1,
                                  Capture::none);
    for (const std::size_t layer : layers) captures[layer] = Capture::by_rows;
    if (with_content && has_content()) captures[content] = Capture::whole;
    return captures;
}

std::size_t CapturedLayers::style_index(std::size_t layer) const {
    const auto found = std::find(style.begin(), style.end(), layer);
    return found == style.end() ? no_layer : static_cast<std::size_t>(found - style.begin());
}

ObjectivePlan::ObjectivePlan(const Network& network, const ObjectiveOptions& options,
                             const Shape3& content_shape, const Shape3& style_shape)
    : content(content_shape),
      style(style_shape),
      captured(find_captured_layers(network, options, content, style)) {
    const auto plan = [&](const Shape3& shape, bool with_content, bool with_style, Direction way) {
        return plan_fused_network(network, shape, captured.run(with_content, with_style),
                                  options.pooling, options.padding, way);
    };
    if (!captured.style.empty()) style_pass = plan(style, false, true, Direction::forward);
    if (captured.has_content()) content_pass = plan(content, true, false, Direction::forward);
    loop = plan(content, true, true, Direction::forward_and_backward);
}

std::uint64_t ObjectivePlan::peak_bytes() const {
    std::uint64_t kept = 0;
    std::uint64_t peak = 0;
    if (style_pass) {
        kept += gram_bytes(*style_pass, captured);
        peak = kept + bytes_of(style) + style_pass->bytes();
    }
    if (content_pass) {
        kept += bytes_of(content_pass->shapes[captured.content]);
        peak = std::max(peak, kept + bytes_of(content) + content_pass->bytes());
    }
    return std::max(peak, kept + gram_bytes(loop, captured) + bytes_of(content) + loop.bytes());
}

}  // namespace NST_PRECISION
}  // namespace nst
