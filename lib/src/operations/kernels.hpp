// The operations on memory that the caller owns. The public functions allocate the result and call
// these; Objective calls them on buffers that it reuses.
#pragma once

#include "base/view.hpp"
#include "operations/feature_source.hpp"
#include "parallel/workspace.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace kernels {

/// Computes y = conv2d(x, w) + b; without a bias when b is empty. y must not overlap x.
void conv2d(FeatureView x, const Filters& w, const Vector& b, Padding padding, MutableFeatureView y,
            Workspace& workspace);

/// Writes one row for every output position of rows first..last-1: the kh * kw * C_in values under
/// the filter, in the order of its taps; the padding says what is read outside the image.
/// @param stride  numbers from one row to the next, at least kh * kw * C_in
void im2col(FeatureView x, std::size_t kh, std::size_t kw, Padding padding, std::size_t first,
            std::size_t last, Real* columns, std::size_t stride);

/// Returns how many numbers one worker of conv2d needs in its workspace buffer, for an x of that
/// shape.
std::size_t conv2d_scratch(const Shape3& x, const Filters& w);

/// Returns the filters whose conv2d is the backward pass: rotated by 180 degrees, C_in and C_out
/// transposed.
Filters backward_filters(const Filters& w);

/// Turns dx, the gradient at the input of a 3x3 conv2d with zero padding, into that with another
/// one: adds the gradient of the ring, the positions one pixel outside the image, to dx where each
/// of them was read. With zero padding they were read nowhere, and dx stays as it is.
/// @param dy  the gradient at conv2d's output
void add_ring_gradient(const FeatureSource& dy, const Filters& w, Padding padding,
                       MutableFeatureView dx, Workspace& workspace);

/// Returns how many numbers one worker of add_ring_gradient needs in its workspace buffer, for a dx
/// of that height and width.
std::size_t ring_gradient_scratch(std::size_t height, std::size_t width, const Filters& w);

/// Computes dw, the gradient of conv2d(x, w) with respect to its filters.
void conv2d_backward_filters(FeatureView x, FeatureView dy, Filters& dw, Workspace& workspace);

/// Computes db, the gradient of conv2d with respect to its bias: the sum of dy over the positions.
void conv2d_backward_bias(FeatureView dy, Vector& db, Workspace& workspace);

/// Computes y = max(y, 0) in place.
void relu(MutableFeatureView y);

/// Sets dy to 0 in place where y = relu(x) <= 0. Where y is NaN the gradient passes, as in PyTorch
/// and in the masks of the fast path.
void relu_backward(MutableFeatureView dy, FeatureView y);

/// Computes batch_norm in place over a stacked batch whose items have `item_rows` rows each. The
/// separator row between two items does not count and stays as it is. std_devs gets one number for
/// each channel.
void batch_norm(MutableFeatureView x, std::size_t item_rows, Vector& std_devs);

/// Turns dy into the gradient at batch_norm's input, in place. The separator rows stay as they are.
void batch_norm_backward(MutableFeatureView dy, FeatureView y, std::size_t item_rows,
                         const Vector& std_devs);

void average_pool(FeatureView x, MutableFeatureView y);
void average_pool_backward(FeatureView dy, MutableFeatureView dx);

/// Writes each winner's place in its window, 0 1 / 2 3, to `argmax`, which has y's size or is
/// nullptr.
void max_pool(FeatureView x, MutableFeatureView y, std::uint8_t* argmax = nullptr);
/// Finds each window's maximum in x again, so that the forward pass need not keep anything.
void max_pool_backward(FeatureView dy, FeatureView x, MutableFeatureView dx);

/// Returns sum (generated - content)^2 / (4 H W C), summed in double.
double content_loss(FeatureView generated, FeatureView content);

/// Adds weight times the gradient of content_loss at `generated` to `gradient`.
void add_content_loss_gradient(FeatureView generated, FeatureView content, double weight,
                               MutableFeatureView gradient);

/// Returns the sum of squared differences to the right and the lower neighbour, in double.
double total_variation(FeatureView x);

/// Adds scale times the gradient of total_variation to dx.
void add_total_variation_gradient(FeatureView x, double scale, MutableFeatureView dx);

/// Returns the mean of the squared excess of x + mean over 0 to 255, in double.
double range_penalty(FeatureView x, const std::array<Real, 3>& mean);

/// Adds scale times the gradient of range_penalty to dx.
void add_range_penalty_gradient(FeatureView x, const std::array<Real, 3>& mean, double scale,
                                MutableFeatureView dx);

/// Computes gram = F^T F for the unrolled features F, (HW, C).
void gram_matrix(const ActivationSource& features, Matrix& gram, Workspace& workspace);

/// Returns how many numbers one worker of gram_matrix needs in its workspace buffer.
std::size_t gram_matrix_scratch(std::size_t channels);
/// Returns how many doubles gram_matrix needs in its workspace.
std::size_t gram_matrix_sums(const Shape3& shape);

/// Computes y += F m for the unrolled features F, (HW, C), and a matrix m, (C, C).
void add_product(const ActivationSource& features, const Matrix& m, MutableFeatureView y);

/// Returns s = 1 / (C^2 (HW)^2): the style loss is s/4 times |G - A|^2, and its gradient is s F (G
/// - A).
inline double style_scale(std::size_t feature_size) {
    const auto size = static_cast<double>(feature_size);
    return 1 / (size * size);
}

}  // namespace kernels

/// Returns the shape after 2x2 pooling with stride 2: odd sizes round up.
inline Shape3 pooled_shape(const Shape3& x) {
    return {(x[0] + 1) / 2, (x[1] + 1) / 2, x[2]};
}

}  // namespace NST_PRECISION
}  // namespace nst
