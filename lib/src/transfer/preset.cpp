#include "nst/preset.hpp"

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// The weights of the content and of the total variation in the middle, against the style's.
constexpr double content_share = 0.04;
constexpr double tv_share = 0.004;

Preset painting() {
    TransferOptions options;
    ObjectiveOptions& objective = options.objective;
    // The deeper a layer, the larger the shapes that it compares.
    objective.style_layers = {
        {"relu1_1", 0.05}, {"relu2_1", 0.1}, {"relu3_1", 0.2}, {"relu4_1", 0.3}, {"relu5_1", 0.35}};
    objective.relative = true;
    objective.range_weight = 0.0005;
    objective.padding = Padding::reflect;  // zeros show as bands along the edges
    set_style_strength(objective, 0.5);
    options.optimizer = Optimizer::lbfgs;
    options.iterations = 80;
    options.noise_ratio = 0;
    options.scales = 0;
    options.coarse_content = 0.2;
    options.return_detail = true;
    options.style_scale = 1;
    return {"painting", "strokes and shapes of the style on the content's scene", options};
}

}  // namespace

const std::vector<Preset>& presets() {
    static const std::vector<Preset> all = {
        {"tutorial", "the tutorial's options: Adam, one size", {}}, painting()};
    return all;
}

const Preset& find_preset(const std::string& name) {
    std::string names;
    for (const Preset& preset : presets()) {
        if (preset.name == name) return preset;
        names += (names.empty() ? "" : ", ") + preset.name;
    }
    fail("find_preset: there is no preset ", name, "; expected one of ", names);
}

void set_style_strength(ObjectiveOptions& options, double strength) {
    require(strength >= 0 && strength <= 1, "set_style_strength: strength must be 0 to 1, got ",
            strength);
    options.content_weight = content_share * (1 - strength) * (1 - strength);
    options.style_weight = strength * strength;
    options.tv_weight = tv_share * strength * strength;
}

}  // namespace NST_PRECISION
}  // namespace nst
