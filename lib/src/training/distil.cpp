#include "nst/distil.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/require.hpp"
#include "nst/conv_regression.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/winograd.hpp"
#include "training/channel_choice.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// A convolution of the teacher: where it is and to which block it belongs.
struct Place {
    std::size_t layer;
    std::size_t block;
};

// Returns the convolutions up to the last layer; a pooling ends a block.
std::vector<Place> convolutions(const Network& teacher, const std::string& last_layer) {
    const std::size_t last = teacher.index_of(last_layer);
    std::vector<Place> places;
    std::size_t block = 0;
    for (std::size_t l = 0; l <= last; ++l) {
        if (teacher.layers[l].kind == LayerKind::conv) places.push_back({l, block});
        if (teacher.layers[l].kind == LayerKind::pool) ++block;
    }
    require(!places.empty(), "distil: expected a convolution up to ", last_layer, ", got none");
    return places;
}

std::size_t channels_of(const Network& network, const Place& place) {
    return network.layers[place.layer].bias.size();
}

Tensor3 run(const Layer& layer, const Tensor3& x) {
    if (layer.kind == LayerKind::conv) return winograd_conv2d(x, layer.filters, layer.bias);
    return layer.kind == LayerKind::relu ? relu(x) : average_pool(x);
}

Tensor3 run(const Network& network, std::size_t first, std::size_t end, Tensor3 x) {
    for (std::size_t l = first; l < end; ++l) x = run(network.layers[l], x);
    return x;
}

// The channels of a feature map that are wanted, in that order.
Tensor3 select(const Tensor3& x, const std::vector<std::size_t>& channels) {
    Tensor3 selected = Tensor3::from_shape({x.shape(0), x.shape(1), channels.size()});
    for (std::size_t p = 0; p < x.shape(0) * x.shape(1); ++p) {
        for (std::size_t k = 0; k < channels.size(); ++k) {
            selected.data()[p * channels.size() + k] = x.data()[p * x.shape(2) + channels[k]];
        }
    }
    return selected;
}

// What both networks make of an image where a block begins.
struct Features {
    Tensor3 teacher;
    Tensor3 student;
};

class Distillation {
  public:
    Distillation(const Network& teacher, const DistilOptions& options)
        : teacher_(teacher),
          options_(options),
          places_(convolutions(teacher, options.last_layer)),
          end_(teacher.index_of(options.last_layer) + 1) {
        const std::size_t blocks = places_.back().block + 1;
        require(options.channels.size() == blocks, "distil: channels must have ", blocks,
                " numbers, one for each block of the teacher, got ", options.channels.size());
        require(std::all_of(options.channels.begin(), options.channels.end(),
                            [](std::size_t count) { return count > 0; }),
                "distil: every block must keep at least one channel");
        student_.mean = teacher.mean;
        student_.layers.assign(teacher.layers.begin(),
                               teacher.layers.begin() + static_cast<std::ptrdiff_t>(end_));
    }

    Network run_on(const std::vector<Image>& images, const std::vector<Image>& held_out) {
        // Each image is passed through once to choose channels, and once for each convolution.
        all_steps_ = images.size() + places_.size() * (images.size() + held_out.size());
        choose(images);
        std::vector<Features> fitted = begin(images);
        std::vector<Features> measured = begin(held_out);
        std::size_t first = 0;
        for (std::size_t k = 0; k < places_.size(); ++k) {
            if (k > 0 && places_[k].block > places_[k - 1].block) {
                advance(fitted, first, places_[k].layer);
                advance(measured, first, places_[k].layer);
                first = places_[k].layer;
            }
            fit(k, first, fitted, measured);
        }
        return std::move(student_);
    }

  private:
    void step_done() {
        ++steps_;
        if (options_.on_progress) options_.on_progress(steps_, all_steps_);
    }

    std::vector<Features> begin(const std::vector<Image>& images) const {
        std::vector<Features> all;
        for (const Image& image : images) {
            const Tensor3 input = subtract_mean(image, teacher_.mean);
            all.push_back({input, input});
        }
        return all;
    }

    // Replaces the features at layer `first` by those at layer `next`.
    void advance(std::vector<Features>& features, std::size_t first, std::size_t next) const {
        for (Features& x : features) {
            x.teacher = run(teacher_, first, next, std::move(x.teacher));
            x.student = run(student_, first, next, std::move(x.student));
        }
    }

    // Chooses the channels of every convolution from what the teacher makes of the images.
    void choose(const std::vector<Image>& images) {
        std::vector<CovarianceSums> sums;
        for (const Place& place : places_) sums.emplace_back(channels_of(teacher_, place));
        for (const Image& image : images) {
            Tensor3 x = subtract_mean(image, teacher_.mean);
            for (std::size_t k = 0; k < places_.size(); ++k) {
                const std::size_t next = k + 1 < places_.size() ? places_[k + 1].layer : end_;
                x = run(teacher_.layers[places_[k].layer], x);
                std::size_t l = places_[k].layer + 1;
                if (l < next && teacher_.layers[l].kind == LayerKind::relu) {
                    x = run(teacher_.layers[l++], x);
                }
                sums[k].add(x);
                x = run(teacher_, l, next, std::move(x));
            }
            step_done();
        }
        for (std::size_t k = 0; k < places_.size(); ++k) {
            const std::vector<double> covariance = sums[k].covariance();
            require(std::all_of(covariance.begin(), covariance.end(),
                                [](double value) { return std::isfinite(value); }),
                    "distil: the teacher's features at ", teacher_.layers[places_[k].layer].name,
                    " are not finite, or their squares overflow");
            const std::size_t channels = channels_of(teacher_, places_[k]);
            chosen_.push_back(choose_channels(
                covariance, use_of(k), std::min(channels, options_.channels[places_[k].block])));
        }
    }

    // What the next convolution makes of the channels; for the last all count alike.
    std::vector<double> use_of(std::size_t k) const {
        if (k + 1 < places_.size()) {
            return use_of_channels(teacher_.layers[places_[k + 1].layer].filters);
        }
        const std::size_t channels = channels_of(teacher_, places_[k]);
        std::vector<double> identity(channels * channels);
        for (std::size_t c = 0; c < channels; ++c) identity[c * channels + c] = 1;
        return identity;
    }

    void add(std::size_t k, std::size_t first, const Features& features, ConvRegression& sums) {
        const std::size_t layer = places_[k].layer;
        const Tensor3 wanted = run(teacher_, first, layer + 1, features.teacher);
        sums.add(run(student_, first, layer, features.student), select(wanted, chosen_[k]));
        step_done();
    }

    // Fits convolution k of the student to the features, which are those at layer `first`.
    void fit(std::size_t k, std::size_t first, const std::vector<Features>& fitted,
             const std::vector<Features>& measured) {
        const std::size_t inputs =
            k == 0 ? teacher_.layers[places_[0].layer].filters.shape(2) : chosen_[k - 1].size();
        ConvRegression sums(inputs, chosen_[k].size());
        for (const Features& features : fitted) add(k, first, features, sums);
        const ConvFit result = sums.solve(options_.ridge);
        DistilledLayer layer{teacher_.layers[places_[k].layer].name,
                             channels_of(teacher_, places_[k]), chosen_[k].size(),
                             sums.error(result), std::numeric_limits<double>::quiet_NaN()};
        if (!measured.empty()) {
            ConvRegression others(inputs, chosen_[k].size());
            for (const Features& features : measured) add(k, first, features, others);
            layer.held_out_error = others.error(result);
        }
        student_.layers[places_[k].layer].filters = result.filters;
        student_.layers[places_[k].layer].bias = result.bias;
        if (options_.on_layer) options_.on_layer(layer);
    }

    const Network& teacher_;
    const DistilOptions& options_;
    std::vector<Place> places_;
    std::size_t end_;
    Network student_;
    std::vector<std::vector<std::size_t>> chosen_;  // channels kept, by convolution
    std::size_t steps_ = 0;
    std::size_t all_steps_ = 0;
};

}  // namespace

Network distil(const Network& teacher, const std::vector<Image>& images,
               const std::vector<Image>& held_out, const DistilOptions& options) {
    require(!images.empty(), "distil: expected at least one image, got none");
    return Distillation(teacher, options).run_on(images, held_out);
}

std::vector<std::size_t> share_of_channels(const Network& teacher, double share,
                                           const std::string& last_layer) {
    require(share > 0 && share <= 1, "share_of_channels: share must be above 0, at most 1, got ",
            share);
    std::vector<std::size_t> channels;
    for (const Place& place : convolutions(teacher, last_layer)) {
        channels.resize(std::max(channels.size(), place.block + 1));
        const std::size_t all = channels_of(teacher, place);
        const double fours = std::round(share * static_cast<double>(all) / 4);
        const std::size_t kept =
            std::min(all, std::max<std::size_t>(4, 4 * static_cast<std::size_t>(fours)));
        channels[place.block] = std::max(channels[place.block], kept);
    }
    return channels;
}

}  // namespace NST_PRECISION
}  // namespace nst
