#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nst/adamw.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Guesses the class from one layer: logits = (mean of the layer over all positions) W + b.
struct Head {
    std::string layer;
    Matrix weights;      ///< W, (C, K)
    Vector bias;         ///< b, (K)
    double loss_weight;  ///< of the loss; the heads' shares add up to 1
};

/// A network with heads: what is trained to tell pictures apart, so that its layers learn what
/// there is to see. Every convolution is normalised by batch_norm over the batch before its bias is
/// added, so the scale of a filter counts for nothing.
struct Classifier {
    Network network;
    std::vector<Head> heads;
};

/// What make_classifier makes.
struct ClassifierOptions {
    std::array<std::size_t, 5> channels = {32, 64, 128, 128, 128};  ///< of the five blocks
    std::size_t classes = 2;
    std::vector<std::string> layers = {"relu5_1"};  ///< that have a head, each of equal share
    std::uint32_t seed = 19;
};

/// Makes a VGG-19 up to relu5_1 to be trained: random orthogonal filters, as random_vgg19's before
/// it calibrates them, and random heads; numbers of n inputs have the deviation 1 / sqrt(3 n).
/// The biases, which are added after batch_norm, start at 0.
/// @throws Error when there is no class, no channel or no head, or a layer is unknown or no ReLU
/// Introduced in chapter 18.
Classifier make_classifier(const ClassifierOptions& options);

/// The classifier's filters as style transfer wants them: for a picture less the mean, not scaled.
/// There is no batch any more to normalise over; `calibrate_activations` does so over pictures once
/// and for all. The biases are left out: they belong to the batches. Introduced in chapter 18.
Network feature_network(const Classifier& classifier);

/// Lists everything to train, beside the gradient at it, which has the same shapes. The result
/// points into both.
/// @throws Error when the shapes differ; as ClassifierObjective
std::vector<Parameters> parameters(Classifier& classifier, const Classifier& gradient);

/// How a batch went.
struct BatchResult {
    double loss = 0;          ///< the heads' cross_entropy, each times its share
    std::size_t correct = 0;  ///< how many of the labels the last head gave the largest logit
};

/// The loss of a classifier on batches of one size, and its gradient: the memory is kept.
///
/// The pictures of a batch lie below each other in one tall picture, with a row of zeros between
/// them, as on a strip of film. A 3x3 convolution reaches one row far, so no picture sees another,
/// and a batch runs through the same functions as a picture. The rows between are set to zero again
/// after each layer.
/// Introduced in chapter 18.
class ClassifierObjective {
  public:
    /// @param count  pictures in a batch
    /// @param side   height and width of each
    /// @throws Error when count or side is zero, or the classifier is not one that can be trained:
    ///         its network must begin with a convolution of three channels, have a ReLU after each
    ///         convolution, which is 3x3, and channels that fit; and at least one head, each on a
    ///         ReLU, with weights (C, K), biases (K) and a loss weight that is not negative
    ClassifierObjective(const Classifier& classifier, std::size_t count, std::size_t side);
    ~ClassifierObjective();
    ClassifierObjective(ClassifierObjective&&) noexcept;
    ClassifierObjective& operator=(ClassifierObjective&&) noexcept;

    /// Runs a batch forward and backward; gradient() has the result.
    /// @param classifier  of the shapes of the first one
    /// @param pictures    `count` pictures, (side, side, 3), RGB, 0 to 255
    /// @param labels      one for each
    /// @param smoothing   as in cross_entropy
    /// @throws Error when the number of images or labels, the shape of an image or the classifier's
    ///         layers, heads or shapes differ, or as cross_entropy
    BatchResult operator()(const Classifier& classifier, const std::vector<Image>& pictures,
                           const std::vector<std::size_t>& labels, double smoothing = 0);

    /// Runs a batch forward only.
    BatchResult evaluate(const Classifier& classifier, const std::vector<Image>& pictures,
                         const std::vector<std::size_t>& labels);

    /// Of the last batch that ran backward.
    const Classifier& gradient() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace NST_PRECISION
}  // namespace nst
