#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nst/adamw.hpp"
#include "nst/api.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Predicts the class from one layer: logits = (mean of the layer over all positions) W + b.
/// Introduced in chapter 18.
struct Head {
    std::string layer;
    Matrix weights;      ///< W, (C, K)
    Vector bias;         ///< b, (K)
    double loss_weight;  ///< of this head's loss in the total; the weights of all heads add up to 1
};

/// A network with classification heads. Training it to tell images apart teaches its layers useful
/// features. batch_norm normalises every convolution over the batch before its bias is added, so
/// the scale of a filter has no effect.
/// Introduced in chapter 18.
struct Classifier {
    Network network;
    std::vector<Head> heads;
};

/// The architecture that make_classifier builds.
/// Introduced in chapter 18.
struct ClassifierOptions {
    std::array<std::size_t, 5> channels = {32, 64, 128, 128, 128};  ///< per block
    std::size_t classes = 2;
    std::vector<std::string> layers = {"relu5_1"};  ///< the layers with a head, all of equal weight
    std::uint32_t seed = 19;
};

/// Makes an untrained VGG-19 up to relu5_1, with random orthogonal filters (those of random_vgg19
/// before calibration) and random heads, whose weights have the standard deviation 1 / sqrt(3 n)
/// for n inputs. The biases, which are added after batch_norm, start at 0.
/// @throws Error when there is no class, no channel or no head, or a layer is unknown or not a ReLU
/// Introduced in chapter 18.
NST_API Classifier make_classifier(const ClassifierOptions& options);

/// Returns the classifier's network as style transfer needs it: for an unscaled image less the
/// mean. Style transfer has no batch to normalise over, so `calibrate_activations` fixes the
/// normalisation once, over some images. The biases are left out, because they only make sense with
/// batch_norm.
/// Introduced in chapter 18.
NST_API Network feature_network(const Classifier& classifier);

/// Lists all trained parameters, each with the gradient with respect to it, which has the same
/// shape. The result points into both arguments.
/// @throws Error when the shapes differ; as ClassifierObjective
/// Introduced in chapter 18.
NST_API std::vector<Parameters> parameters(Classifier& classifier, const Classifier& gradient);
/// The result would point into a temporary gradient.
std::vector<Parameters> parameters(Classifier& classifier, const Classifier&& gradient) = delete;

/// The result of one batch.
/// Introduced in chapter 18.
struct BatchResult {
    double loss = 0;          ///< the weighted sum of the heads' cross_entropy
    std::size_t correct = 0;  ///< how many labels got the largest logit of the last head
};

/// Computes the loss of a classifier and its gradient on batches of one size, reusing its memory.
///
/// The images of a batch are stacked vertically in one tall image, with a row of zeros between them
/// (a StackedBatch). A 3x3 convolution reaches only one row far, so no item affects another, and a
/// batch runs through the same functions as a single image. The separator rows are set to zero
/// again after each layer.
/// Introduced in chapter 18.
class ClassifierObjective {
  public:
    /// @param count  images in a batch
    /// @param side   height and width of each, in pixels
    /// @throws Error when count or side is zero, or the classifier cannot be trained: its network
    ///         must begin with a convolution of three input channels, have only 3x3 convolutions
    ///         with matching channels, and a ReLU after each; it needs at least one head, each on a
    ///         ReLU, with weights (C, K), biases (K) and a loss weight that is not negative
    NST_API ClassifierObjective(const Classifier& classifier, std::size_t count, std::size_t side);
    NST_API ~ClassifierObjective();
    NST_API ClassifierObjective(ClassifierObjective&&) noexcept;
    NST_API ClassifierObjective& operator=(ClassifierObjective&&) noexcept;

    /// Runs a batch forward and backward; gradient() then returns the gradient.
    /// @param classifier  with the same shapes as the one given to the constructor
    /// @param images      `count` images, (side, side, 3), RGB, 0 to 255
    /// @param labels      one for each image
    /// @param smoothing   as in cross_entropy
    /// @throws Error when the number of images or labels, the shape of an image or the classifier's
    ///         layers, heads or shapes differ, or as cross_entropy
    NST_API BatchResult operator()(const Classifier& classifier, const std::vector<Image>& images,
                                   const std::vector<std::size_t>& labels, double smoothing = 0);

    /// Runs a batch forward only.
    NST_API BatchResult evaluate(const Classifier& classifier, const std::vector<Image>& images,
                                 const std::vector<std::size_t>& labels);

    /// Returns the gradient of the last batch that ran backward.
    NST_API const Classifier& gradient() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace NST_PRECISION
}  // namespace nst
