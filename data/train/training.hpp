// Training on textures that the project draws, from scratch to a finished network.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "nst/adamw.hpp"
#include "nst/classifier.hpp"

namespace train {

/// The settings of a run; the defaults made the bundled network. The same settings give the same
/// network on the same kind of processor.
struct Settings {
    /// One class per texture.
    nst::ClassifierOptions classifier;
    std::size_t textures = 480;
    long steps = 1500;
    std::size_t batch = 48;
    std::size_t side = 64;  ///< of a crop, in pixels
    double rate = 2e-3;  ///< learning rate of AdamW after the warm-up; decays to 0 along a cosine
    long warmup = 100;   ///< steps during which the rate rises
    double weight_decay = 0.05;
    double smoothing = 0.05;  ///< of the labels
    std::uint32_t seed = 18;
};

/// Crops of textures, each with the number of its texture as its label.
struct Crops {
    std::vector<nst::Image> images;
    std::vector<std::size_t> labels;
};

/// Textures as bytes, and crops of them.
class Textures {
  public:
    /// Draws this many textures, on all threads.
    explicit Textures(std::size_t count);

    std::size_t count() const { return textures_.size(); }

    /// Random crops of random textures, flipped and brightened at random, from the left three
    /// quarters of the images.
    Crops training_crops(std::size_t count, std::size_t side, std::mt19937& bits) const;

    /// Unchanged crops from the right quarter, which is held out from training.
    Crops held_out_crops(std::size_t count, std::size_t side, std::mt19937& bits) const;

    /// A square of a texture's image, unchanged.
    nst::Image crop(std::size_t label, std::size_t top, std::size_t left, std::size_t side) const;

  private:
    std::vector<std::vector<std::uint8_t>> textures_;
};

/// The state of a run: plain data, so that it can be stored and resumed.
struct Run {
    nst::Classifier classifier;
    nst::AdamWState optimizer;
    std::mt19937 bits;
    std::string log;  ///< everything reported so far
};

/// All settings in one line.
std::string describe(const Settings& settings);

/// The run before its first step.
Run start(const Settings& settings);

/// The learning rate of a step; steps count from 0.
double rate_at(const Settings& settings, long step);

/// One step of training.
nst::BatchResult step(const Settings& settings, const Textures& textures, Run& run,
                      nst::ClassifierObjective& objective);

/// The accuracy of the last head on held-out crops.
double accuracy(const Settings& settings, const Textures& textures, const Run& run,
                nst::ClassifierObjective& objective);

/// The images, followed by a square from the upper left corner of each of the first textures.
/// @param max_count  maximum number of squares
/// @param side       of each, in pixels
std::vector<nst::Image> with_squares(std::vector<nst::Image> images, const Textures& textures,
                                     std::size_t max_count, std::size_t side);

/// A network to paint with: calibrated over images, with conv4_1 and conv5_1 whitened
/// (docs/training.md says why).
/// @param network  with VGG-19's layer names; its scales and biases have no effect
/// @param images   (H, W, 3) each, RGB, 0 to 255; at least one
/// @throws nst::Error as `calibrate_activations`
nst::Network to_paint_with(const nst::Network& network, const std::vector<nst::Image>& images);

}  // namespace train
