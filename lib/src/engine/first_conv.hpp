// The first convolution, from the image's three channels, with its ReLU: so cheap that its output
// is recomputed rather than kept.
#pragma once

#include "operations/feature_source.hpp"
#include "winograd/winograd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Computes relu(conv2d(x, w) + b) for any region of an image, and the gradient with respect to the
/// image.
class FirstConv {
  public:
    /// @param w  (3, 3, C_in, C_out) with few input channels; must outlive this
    FirstConv(const Filters& w, const Vector& b, Padding padding);

    std::size_t outputs() const { return outputs_; }
    std::size_t padded_outputs() const { return padded_; }

    /// Returns the scratch size of forward() for a region, as a count of Real.
    static std::size_t scratch(const Filters& w, std::size_t columns);
    /// Returns the same for whole rows and their result: what FirstConvFeatures needs.
    static std::size_t rows_scratch(const Filters& w, const Shape3& y);
    /// Returns the size of the workspace buffer that one worker of backward() needs.
    static std::size_t backward_scratch(const Filters& w, std::size_t width);

    /// Writes y(rows, columns, count) for channels that are whole panels. Outside the image it is
    /// what the next convolution, of the same padding, reads there.
    void forward(FeatureView x, const Region& region, Channels channels, Real* y,
                 Real* scratch) const;

    /// Computes dx = conv2d_backward(dy, w). dy is already zero where the ReLU's output was.
    void backward(FeatureView dy, MutableFeatureView dx, Workspace& workspace) const;

    /// Returns how many numbers the constructor keeps: the filters in two orders, and the bias.
    static std::size_t prepared(const Filters& w);

    const Filters& filters() const { return w_; }

  private:
    /// Writes y(count) of the pixels first..end-1 of a row of the image.
    void forward_run(FeatureView x, std::ptrdiff_t row, std::ptrdiff_t first, std::ptrdiff_t end,
                     Channels channels, Real* y, Real* scratch) const;

    const Filters& w_;
    std::size_t inputs_;
    std::size_t outputs_;
    std::size_t padded_;  // outputs, rounded up to whole panels
    Padding padding_;
    std::size_t gradient_columns_;       // 9 C_in, rounded up to whole panels
    std::vector<Real> forward_panels_;   // (panel, 9 C_in, column)
    std::vector<Real> backward_panels_;  // (panel, C_out, column)
    std::vector<Real> bias_;
};

/// The first convolution's output, recomputed wherever it is read.
class FirstConvFeatures final : public ActivationSource {
  public:
    FirstConvFeatures(const FirstConv& conv, FeatureView x, Workspace& workspace)
        : ActivationSource({x.height(), x.width(), conv.outputs()}),
          conv_(conv),
          x_(x),
          workspace_(workspace) {}

    void read(const Region& region, Channels channels, Real* patch,
              std::size_t worker) const override;
    const Real* rows(std::size_t first, std::size_t last, std::size_t worker) const override;

  private:
    const FirstConv& conv_;
    FeatureView x_;
    Workspace& workspace_;
};

}  // namespace NST_PRECISION
}  // namespace nst
