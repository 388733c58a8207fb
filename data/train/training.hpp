// Training on textures that the project draws: the whole way from nothing to a network.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "nst/adamw.hpp"
#include "nst/classifier.hpp"

namespace train {

/// What a run is made of, by default the one that made the bundled network. The same settings give
/// the same network on the same kind of processor.
struct Settings {
    /// Its number of classes is that of the textures.
    nst::ClassifierOptions classifier;
    std::size_t textures = 480;
    long steps = 1500;
    std::size_t batch = 48;
    std::size_t side = 64;  ///< of a crop, in pixels
    double rate = 2e-3;     ///< AdamW's, after the first steps; it falls to 0 as a cosine does
    long warmup = 100;      ///< steps in which the rate rises
    double weight_decay = 0.05;
    double smoothing = 0.05;  ///< of the labels
    std::uint32_t seed = 18;
};

/// A crop of a texture's picture.
struct Crops {
    std::vector<nst::Image> pictures;
    std::vector<std::size_t> labels;
};

/// Textures as bytes, and crops of them.
class Textures {
  public:
    /// Draws as many, on all threads.
    explicit Textures(std::size_t count);

    std::size_t count() const { return pictures_.size(); }

    /// Random crops of random textures, mirrored and brightened at random, from the left three
    /// quarters of the pictures.
    Crops training_crops(std::size_t count, std::size_t side, std::mt19937& bits) const;

    /// Crops as they are, from the right quarter, which is never trained on.
    Crops held_out_crops(std::size_t count, std::size_t side, std::mt19937& bits) const;

    /// A square of a texture's picture, as it is.
    nst::Image crop(std::size_t label, std::size_t top, std::size_t left, std::size_t side) const;

  private:
    std::vector<std::vector<std::uint8_t>> pictures_;
};

/// A run on its way: plain, so that it can be stored and taken up again.
struct Run {
    nst::Classifier classifier;
    nst::AdamWState optimizer;
    std::mt19937 bits;
    std::string log;  ///< what it has reported so far
};

/// All settings in one line.
std::string describe(const Settings& settings);

/// Before the first step.
Run start(const Settings& settings);

/// The learning rate of a step, counted from 0.
double rate_at(const Settings& settings, long step);

/// One step of training.
nst::BatchResult step(const Settings& settings, const Textures& textures, Run& run,
                      nst::ClassifierObjective& objective);

/// The share of held-out crops whose texture the last head names.
double accuracy(const Settings& settings, const Textures& textures, const Run& run,
                nst::ClassifierObjective& objective);

/// The pictures and, behind them, a square of the upper left corner of each of the first textures.
/// @param most  squares at most
/// @param side  of each, in pixels
std::vector<nst::Image> with_squares(std::vector<nst::Image> pictures, const Textures& textures,
                                     std::size_t most, std::size_t side);

/// A network to paint with: calibrated over pictures, with conv4_1 and conv5_1 whitened
/// (docs/training.md has why).
/// @param network   whose layers have VGG-19's names; its scales and biases count for nothing
/// @param pictures  (H, W, 3) each, RGB, 0 to 255; at least one
/// @throws nst::Error as `calibrate_activations`
nst::Network to_paint_with(const nst::Network& network, const std::vector<nst::Image>& pictures);

}  // namespace train
