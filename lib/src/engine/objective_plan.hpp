// The passes of an Objective, planned in advance: objective_memory computes its bytes from the same
// plan that Objective then runs.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/fused_network.hpp"
#include "nst/objective.hpp"

namespace nst {
inline namespace NST_PRECISION {

constexpr std::size_t no_layer = std::numeric_limits<std::size_t>::max();

/// The layers that the losses compare, by index. Either content or style may be left out, but not
/// both.
struct CapturedLayers {
    std::size_t content = no_layer;
    std::vector<std::size_t> style;

    bool has_content() const { return content != no_layer; }

    /// Returns the Capture of each layer for a run up to the last captured one.
    std::vector<Capture> run(bool with_content, bool with_style) const;

    /// Returns the index in the list of style layers, or no_layer.
    std::size_t style_index(std::size_t layer) const;
};

struct ObjectivePlan {
    /// @throws Error as Objective, for everything that can be checked before any computation
    ObjectivePlan(const Network& network, const ObjectiveOptions& options, const Shape3& content,
                  const Shape3& style);

    Shape3 content;
    Shape3 style;
    CapturedLayers captured;
    std::optional<FusedPlan> style_pass;    ///< forward, for the style image's Gram matrices
    std::optional<FusedPlan> content_pass;  ///< forward, for the content image's features
    FusedPlan loop;                         ///< forward and backward, for every evaluation

    /// Returns the peak bytes of these three, without the network and the two images.
    std::uint64_t peak_bytes() const;
};

}  // namespace NST_PRECISION
}  // namespace nst
