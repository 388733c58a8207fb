// A training of chapter 18 while it goes on: what is printed, and what becomes a curve.
#pragma once

#include <cstdio>
#include <vector>

#include "support/drawing.hpp"
#include "support/line_plot.hpp"
#include "textures.hpp"
#include "training.hpp"

namespace course {

/// A training that fits into half a minute: fewer channels, textures and batches, smaller crops and
/// larger steps than those of data/train. `smoke` is a second of it.
inline train::Settings small_training(long steps, long textures, bool smoke) {
    train::Settings settings;
    settings.classifier.channels = {16, 32, 64, 64, 64};
    settings.classifier.layers = {"relu3_1", "relu4_1", "relu5_1"};
    settings.textures = static_cast<std::size_t>(smoke ? 2 : textures);
    settings.steps = smoke ? 4 : steps;
    settings.batch = 24;
    settings.side = smoke ? 16 : 48;
    settings.rate = 4e-3;
    settings.warmup = 1 + settings.steps / 10;
    return settings;
}

/// Prints a line now and then, and keeps the numbers.
class LearningCurve {
  public:
    explicit LearningCurve(const train::Settings& settings)
        : settings_(settings), interval_(settings.steps < 12 ? 1 : settings.steps / 12) {
        for (Curve& curve : curves_) {
            curve.x = {0};
            curve.y = {100 / static_cast<double>(settings.textures)};  // guessing
        }
        std::printf("batches     loss   right in training   right of held out\n");
    }

    /// Takes note of a step that has been made.
    void add(const nst::BatchResult& result, const train::Textures& textures, const train::Run& run,
             nst::ClassifierObjective& objective) {
        loss_ += result.loss;
        correct_ += static_cast<double>(result.correct);
        const long steps = run.optimizer.steps;
        if (steps % interval_ != 0) return;
        const auto batches = static_cast<double>(interval_);
        const double training = 100 * correct_ / (batches * static_cast<double>(settings_.batch));
        const double held_out = 100 * train::accuracy(settings_, textures, run, objective);
        std::printf("%7ld%9s%18s%20s\n", steps, text("~%.3f", loss_ / batches).c_str(),
                    text("~%.1f %%", training).c_str(), text("~%.1f %%", held_out).c_str());
        std::fflush(stdout);
        curves_[0].x.push_back(static_cast<double>(steps) - batches / 2);
        curves_[0].y.push_back(training);
        curves_[1].x.push_back(static_cast<double>(steps));
        curves_[1].y.push_back(held_out);
        loss_ = correct_ = 0;
    }

    nst::Image picture() const {
        return line_plot(curves_, {"textures named right", "batches", "%"}, 240);
    }

  private:
    train::Settings settings_;
    long interval_;
    double loss_ = 0;
    double correct_ = 0;
    std::vector<Curve> curves_ = {{"in training", {}, {}}, {"held out", {}, {}}};
};

/// The first textures, one of each kind that is there.
inline nst::Image texture_sheet(const train::Textures& textures) {
    const char* kinds[] = {"clouds",   "patches", "waves",   "marble", "cells",  "lattice",
                           "hatching", "leaves",  "strokes", "dots",   "ridges", "lights"};
    std::vector<Panel> panels;
    for (std::size_t k = 0; k < draw::texture_kinds && k < textures.count(); ++k) {
        panels.push_back({textures.crop(k, 0, 0, 96), kinds[k]});
    }
    return sheet(panels, 6);
}

/// The networks in the order of the chapter's pictures.
inline constexpr const char* stages[] = {"random", "half-trained", "trained", "bundled"};

/// The first layer's filters of each network, a row for each.
inline nst::Image filter_sheet(const std::vector<nst::Network>& networks) {
    std::vector<Panel> rows;
    for (std::size_t n = 0; n < networks.size(); ++n) {
        const nst::Filters& w = networks[n].layers[0].filters;
        std::vector<Panel> filters;
        for (std::size_t o = 0; o < w.shape(3); ++o)
            filters.push_back({filter_picture(w, o, 12), ""});
        rows.push_back({sheet(filters, w.shape(3)), stages[n]});
    }
    return sheet(rows, 1);
}

}  // namespace course
