#include "training.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <thread>

#include "nst/calibrate_activations.hpp"
#include "nst/threads.hpp"
#include "textures.hpp"

namespace train {

namespace {

constexpr std::size_t width = draw::picture_width;
constexpr std::size_t height = draw::picture_height;
constexpr std::size_t trained_width = width * 3 / 4;
constexpr double pi = 3.14159265358979323846;

// In [0, 1) and the same on every machine, unlike the standard library's distributions.
double uniform(std::mt19937& bits) {
    return static_cast<double>(bits()) * 0x1p-32;
}

std::size_t below(std::size_t end, std::mt19937& bits) {
    return static_cast<std::size_t>(uniform(bits) * static_cast<double>(end));
}

void mirror(nst::Image& image) {
    const auto [rows, columns, channels] = image.shape();
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns / 2; ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                std::swap(image(i, j, c), image(i, columns - 1 - j, c));
            }
        }
    }
}

void brighten(nst::Image& image, double factor) {
    for (nst::Real& value : image) {
        value = static_cast<nst::Real>(std::min(255.0, factor * value));
    }
}

}  // namespace

Textures::Textures(std::size_t count) : textures_(count) {
    std::vector<std::thread> threads;
    const auto workers = static_cast<std::size_t>(nst::thread_count());
    for (std::size_t worker = 0; worker < workers; ++worker) {
        threads.emplace_back([this, worker, workers] {
            for (std::size_t k = worker; k < textures_.size(); k += workers) {
                textures_[k] = draw::to_bytes(draw::texture(static_cast<std::uint32_t>(k)));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

nst::Image Textures::crop(std::size_t label, std::size_t top, std::size_t left,
                          std::size_t side) const {
    nst::Image image = nst::Image::from_shape({side, side, 3});
    for (std::size_t i = 0; i < side; ++i) {
        const std::uint8_t* row = textures_[label].data() + ((top + i) * width + left) * 3;
        std::copy_n(row, side * 3, &image(i, 0, 0));
    }
    return image;
}

Crops Textures::training_crops(std::size_t count, std::size_t side, std::mt19937& bits) const {
    Crops crops;
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t label = below(textures_.size(), bits);
        const std::size_t top = below(height - side + 1, bits);
        const std::size_t left = below(trained_width - side + 1, bits);
        crops.labels.push_back(label);
        crops.images.push_back(crop(label, top, left, side));
        if (bits() % 2 == 0) mirror(crops.images.back());
        brighten(crops.images.back(), 0.85 + 0.3 * uniform(bits));
    }
    return crops;
}

Crops Textures::held_out_crops(std::size_t count, std::size_t side, std::mt19937& bits) const {
    Crops crops;
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t label = below(textures_.size(), bits);
        const std::size_t top = below(height - side + 1, bits);
        const std::size_t left = trained_width + below(width - trained_width - side + 1, bits);
        crops.labels.push_back(label);
        crops.images.push_back(crop(label, top, left, side));
    }
    return crops;
}

std::string describe(const Settings& settings) {
    std::ostringstream text;
    text << "channels";
    for (const std::size_t channels : settings.classifier.channels) text << ' ' << channels;
    text << ", heads";
    for (const std::string& layer : settings.classifier.layers) text << ' ' << layer;
    text << ", textures " << settings.textures << ", steps " << settings.steps << ", batch "
         << settings.batch << ", side " << settings.side << ", rate " << settings.rate
         << ", warm-up " << settings.warmup << ", weight decay " << settings.weight_decay
         << ", label smoothing " << settings.smoothing << ", seeds " << settings.classifier.seed
         << ' ' << settings.seed;
    return text.str();
}

Run start(const Settings& settings) {
    nst::ClassifierOptions options = settings.classifier;
    options.classes = settings.textures;
    return {nst::make_classifier(options), {}, std::mt19937(settings.seed), {}};
}

double rate_at(const Settings& settings, long step) {
    const double warm =
        std::min(1.0, static_cast<double>(step + 1) / static_cast<double>(settings.warmup));
    const double done = static_cast<double>(step) / static_cast<double>(settings.steps);
    return settings.rate * warm * 0.5 * (1 + std::cos(pi * done));
}

nst::BatchResult step(const Settings& settings, const Textures& textures, Run& run,
                      nst::ClassifierObjective& objective) {
    const Crops crops = textures.training_crops(settings.batch, settings.side, run.bits);
    const nst::BatchResult result =
        objective(run.classifier, crops.images, crops.labels, settings.smoothing);
    nst::AdamWOptions options;
    options.weight_decay = settings.weight_decay;
    nst::adamw_step(nst::parameters(run.classifier, objective.gradient()), run.optimizer,
                    rate_at(settings, run.optimizer.steps), options);
    return result;
}

double accuracy(const Settings& settings, const Textures& textures, const Run& run,
                nst::ClassifierObjective& objective) {
    constexpr int batches = 10;
    std::mt19937 bits(settings.seed + 1);
    std::size_t correct = 0;
    for (int n = 0; n < batches; ++n) {
        const Crops crops = textures.held_out_crops(settings.batch, settings.side, bits);
        correct += objective.evaluate(run.classifier, crops.images, crops.labels).correct;
    }
    return static_cast<double>(correct) / static_cast<double>(batches * settings.batch);
}

std::vector<nst::Image> with_squares(std::vector<nst::Image> images, const Textures& textures,
                                     std::size_t max_count, std::size_t side) {
    for (std::size_t k = 0; k < std::min(max_count, textures.count()); ++k) {
        images.push_back(textures.crop(k, 0, 0, side));
    }
    return images;
}

nst::Network to_paint_with(const nst::Network& network, const std::vector<nst::Image>& images) {
    constexpr double std_dev = 100;  // balances the tutorial's weights 10 and 40
    constexpr double mean = 0.5;     // in standard deviations
    return nst::calibrate_activations(network, images, std_dev, mean, {"conv4_1", "conv5_1"});
}

}  // namespace train
