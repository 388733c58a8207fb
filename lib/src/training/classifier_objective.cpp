#include <algorithm>

#include "base/require.hpp"
#include "blas/blas.hpp"
#include "nst/classifier.hpp"
#include "nst/cross_entropy.hpp"
#include "operations/kernels.hpp"
#include "operations/stacked_batch.hpp"
#include "parallel/parallel.hpp"
#include "training/classifier_check.hpp"
#include "training/input_scale.hpp"
#include "winograd/simd/simd.hpp"
#include "winograd/winograd.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t few_inputs = 16;  // below this many input channels Winograd does not pay

MatrixView<const Real> const_view(const Matrix& m) {
    return {m.data(), m.shape(0), m.shape(1)};
}
MatrixView<Real> view(Matrix& m) {
    return {m.data(), m.shape(0), m.shape(1)};
}

// Returns a classifier of the same shapes, all zeros.
Classifier zeros_like(const Classifier& classifier) {
    Classifier zeros = classifier;
    for (Layer& layer : zeros.network.layers) {
        layer.filters.fill(0);
        layer.bias.fill(0);
    }
    for (Head& head : zeros.heads) {
        head.weights.fill(0);
        head.bias.fill(0);
    }
    return zeros;
}

}  // namespace

class ClassifierObjective::Impl {
  public:
    Impl(const Classifier& classifier, std::size_t count, std::size_t side);

    void read_batch(const Classifier& classifier, const std::vector<Image>& images,
                    const std::vector<std::size_t>& labels);
    void forward(const Classifier& classifier);
    BatchResult evaluate_heads(const Classifier& classifier, const std::vector<std::size_t>& labels,
                               double smoothing, bool backward);
    void backward(const Classifier& classifier);
    const Classifier& gradient() const { return gradient_; }

  private:
    // A layer's output and its StackedBatch. A convolution's output is normalised, without the
    // bias.
    struct Output {
        StackedBatch batch;
        Tensor3 y;
    };

    const Output& before(std::size_t l) const { return l == 0 ? input_ : outputs_[l - 1]; }
    // Returns the buffer for the gradient at an output, while dy_ is in the other buffer.
    MutableFeatureView gradient_at(const Output& y) {
        std::vector<Real>& buffer = dy_.data == buffers_[0].data() ? buffers_[1] : buffers_[0];
        return {buffer.data(), y.y.shape()};
    }
    void convolve(const Layer& layer, const Output& x, Output& y);
    static void add_bias_and_relu(const Vector& bias, const Output& x, Output& y);
    void convolve_back(std::size_t l, const Layer& layer);
    void pool_back(std::size_t l);

    Output input_;
    std::vector<Output> outputs_;   // of each layer
    std::vector<Vector> std_devs_;  // of each convolution, see batch_norm
    std::vector<Matrix> means_;     // of each head
    std::vector<Matrix> dmeans_;
    std::array<std::vector<Real>, 2> buffers_;
    MutableFeatureView dy_{nullptr, {}};  // gradient at the output of the layer that runs backward
    Classifier gradient_;
    Workspace workspace_;
};

ClassifierObjective::Impl::Impl(const Classifier& classifier, std::size_t count, std::size_t side)
    : gradient_(zeros_like(classifier)) {
    require(count > 0 && side > 0, "ClassifierObjective: count and side must be positive, got ",
            count, " and ", side);
    check_classifier("ClassifierObjective", classifier);
    StackedBatch batch{count, side};
    input_ = {batch, xt::zeros<Real>(batch.shape(3))};
    std::size_t channels = 3;
    std::size_t largest = 0;
    for (const Layer& layer : classifier.network.layers) {
        if (layer.kind == LayerKind::conv) channels = layer.bias.size();
        if (layer.kind == LayerKind::pool) batch = batch.pooled();
        outputs_.push_back({batch, xt::zeros<Real>(batch.shape(channels))});
        std_devs_.emplace_back(xt::zeros<Real>({channels}));
        largest = std::max(largest, outputs_.back().y.size());
    }
    for (std::vector<Real>& buffer : buffers_) buffer.resize(largest);
    for (const Head& head : classifier.heads) {
        means_.emplace_back(xt::zeros<Real>({count, head.weights.shape(0)}));
        dmeans_.push_back(means_.back());
    }
}

void ClassifierObjective::Impl::read_batch(const Classifier& classifier,
                                           const std::vector<Image>& images,
                                           const std::vector<std::size_t>& labels) {
    require_same_shapes("ClassifierObjective", gradient_, classifier);
    const StackedBatch& batch = input_.batch;
    require(images.size() == batch.count, "ClassifierObjective: expected ", batch.count,
            " images, got ", images.size());
    require(labels.size() == batch.count, "ClassifierObjective: expected ", batch.count,
            " labels, got ", labels.size());
    const MutableFeatureView stacked = input_.y;
    for (std::size_t k = 0; k < batch.count; ++k) {
        const MutableFeatureView to = batch_item(batch, stacked, k);
        require(images[k].shape() == to.shape, "ClassifierObjective: an image must be ",
                shape_text(to.shape), ", got ", shape_text(images[k].shape()));
        for (std::size_t n = 0; n < to.size(); ++n) {
            to.data[n] = (images[k].data()[n] - classifier.network.mean[n % 3]) * input_scale;
        }
    }
}

void ClassifierObjective::Impl::convolve(const Layer& layer, const Output& x, Output& y) {
    const MutableFeatureView to = y.y;
    if (layer.filters.shape(2) < few_inputs) {
        kernels::conv2d(x.y, layer.filters, {}, Padding::zero, to, workspace_);
    } else {
        const WinogradPlan plan(to.height(), to.width(), layer.filters, FilterUse::forward);
        OutputTransform epilogue{};
        epilogue.y = to.data;
        kernels::winograd_conv2d(plan, StoredFeatures(x.y), layer.filters, epilogue, workspace_);
    }
}

void ClassifierObjective::Impl::add_bias_and_relu(const Vector& bias, const Output& x, Output& y) {
    const std::size_t channels = bias.size();
    parallel_blocks(y.y.shape(0), [&](std::size_t row, std::size_t) {
        const std::size_t first = row * y.y.shape(1) * channels;
        for (std::size_t k = first; k < first + y.y.shape(1) * channels; k += channels) {
            for (std::size_t c = 0; c < channels; ++c) {
                y.y.data()[k + c] = std::max(x.y.data()[k + c] + bias(c), Real(0));
            }
        }
    });
    zero_separators(y.batch, y.y);
}

void ClassifierObjective::Impl::forward(const Classifier& classifier) {
    workspace_.reserve(0);  // for the current number of threads
    const std::vector<Layer>& layers = classifier.network.layers;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        if (layers[l].kind == LayerKind::conv) {
            convolve(layers[l], before(l), outputs_[l]);
            kernels::batch_norm(outputs_[l].y, outputs_[l].batch.side, std_devs_[l]);
            add_bias_and_relu(layers[l].bias, outputs_[l], outputs_[l + 1]);
        } else if (layers[l].kind == LayerKind::pool) {
            const StackedBatch& batch = before(l).batch;
            const FeatureView x = before(l).y;
            const MutableFeatureView y = outputs_[l].y;
            for (std::size_t k = 0; k < batch.count; ++k) {
                kernels::average_pool(batch_item(batch, x, k), batch_item(outputs_[l].batch, y, k));
            }
        }
    }
}

BatchResult ClassifierObjective::Impl::evaluate_heads(const Classifier& classifier,
                                                      const std::vector<std::size_t>& labels,
                                                      double smoothing, bool backward) {
    BatchResult result{0, 0};
    for (std::size_t h = 0; h < classifier.heads.size(); ++h) {
        const Head& head = classifier.heads[h];
        const Output& captured = outputs_[classifier.network.index_of(head.layer)];
        global_average_pool(captured.batch, captured.y, means_[h]);
        Matrix logits = Matrix::from_shape({labels.size(), head.bias.size()});
        for (std::size_t n = 0; n < labels.size(); ++n) {
            std::copy(head.bias.begin(), head.bias.end(), &logits(n, 0));
        }
        gemm(const_view(means_[h]), const_view(head.weights), view(logits), Accumulate::yes);
        result.loss += head.loss_weight * cross_entropy(logits, labels, smoothing);
        if (h + 1 == classifier.heads.size()) {
            for (std::size_t n = 0; n < labels.size(); ++n) {
                const Real* row = &logits(n, 0);
                const auto guess = std::max_element(row, row + logits.shape(1)) - row;
                if (static_cast<std::size_t>(guess) == labels[n]) ++result.correct;
            }
        }
        if (!backward) continue;
        const Matrix dlogits = head.loss_weight * cross_entropy_backward(logits, labels, smoothing);
        Head& gradient = gradient_.heads[h];
        gemm_transposed(const_view(means_[h]), const_view(dlogits), view(gradient.weights),
                        Accumulate::no);
        gradient.bias = xt::sum(dlogits, {0});
        const Matrix transposed = xt::transpose(head.weights);
        gemm(const_view(dlogits), const_view(transposed), view(dmeans_[h]), Accumulate::no);
    }
    return result;
}

void ClassifierObjective::Impl::backward(const Classifier& classifier) {
    const std::vector<Layer>& layers = classifier.network.layers;
    dy_ = gradient_at(outputs_.back());
    std::fill_n(dy_.data, dy_.size(), Real(0));
    for (std::size_t l = layers.size(); l-- > 0;) {
        if (layers[l].kind == LayerKind::relu) {
            for (std::size_t h = 0; h < classifier.heads.size(); ++h) {
                if (classifier.heads[h].layer != layers[l].name) continue;
                global_average_pool_backward(outputs_[l].batch, dmeans_[h], dy_);
            }
            // The separator rows hold arbitrary values; they become zero here, because y is zero
            // there.
            parallel_ranges(dy_.size(), [&](std::size_t first, std::size_t last) {
                Real* gradient = dy_.data + first;
                simd().keep_where_positive(gradient, outputs_[l].y.data() + first, last - first,
                                           gradient);
            });
        } else if (layers[l].kind == LayerKind::conv) {
            convolve_back(l, layers[l]);
        } else {
            pool_back(l);
        }
    }
}

void ClassifierObjective::Impl::convolve_back(std::size_t l, const Layer& layer) {
    Layer& gradient = gradient_.network.layers[l];
    const Output& x = before(l);
    const FeatureView dy = dy_;
    kernels::conv2d_backward_bias(dy, gradient.bias, workspace_);
    kernels::batch_norm_backward(dy_, outputs_[l].y, outputs_[l].batch.side, std_devs_[l]);
    if (layer.filters.shape(2) < few_inputs) {
        kernels::conv2d_backward_filters(x.y, dy, gradient.filters, workspace_);
    } else {
        kernels::winograd_conv2d_backward_filters(StoredFeatures(x.y), StoredFeatures(dy),
                                                  dy.height(), dy.width(), gradient.filters,
                                                  workspace_);
    }
    if (l == 0) return;
    const MutableFeatureView dx = gradient_at(x);
    OutputTransform epilogue{};
    epilogue.y = dx.data;
    kernels::winograd_conv2d(
        WinogradPlan(dy.height(), dy.width(), layer.filters, FilterUse::backward),
        StoredFeatures(dy), layer.filters, epilogue, workspace_);
    dy_ = dx;
}

void ClassifierObjective::Impl::pool_back(std::size_t l) {
    const Output& x = before(l);
    const MutableFeatureView dx = gradient_at(x);
    for (std::size_t k = 0; k < x.batch.count; ++k) {
        kernels::average_pool_backward(batch_item(outputs_[l].batch, dy_, k),
                                       batch_item(x.batch, dx, k));
    }
    dy_ = dx;
}

ClassifierObjective::ClassifierObjective(const Classifier& classifier, std::size_t count,
                                         std::size_t side)
    : impl_(std::make_unique<Impl>(classifier, count, side)) {}
ClassifierObjective::~ClassifierObjective() = default;
ClassifierObjective::ClassifierObjective(ClassifierObjective&&) noexcept = default;
ClassifierObjective& ClassifierObjective::operator=(ClassifierObjective&&) noexcept = default;

BatchResult ClassifierObjective::operator()(const Classifier& classifier,
                                            const std::vector<Image>& images,
                                            const std::vector<std::size_t>& labels,
                                            double smoothing) {
    impl_->read_batch(classifier, images, labels);
    impl_->forward(classifier);
    const BatchResult result = impl_->evaluate_heads(classifier, labels, smoothing, true);
    impl_->backward(classifier);
    return result;
}

BatchResult ClassifierObjective::evaluate(const Classifier& classifier,
                                          const std::vector<Image>& images,
                                          const std::vector<std::size_t>& labels) {
    impl_->read_batch(classifier, images, labels);
    impl_->forward(classifier);
    return impl_->evaluate_heads(classifier, labels, 0, false);
}

const Classifier& ClassifierObjective::gradient() const {
    return impl_->gradient();
}

}  // namespace NST_PRECISION
}  // namespace nst
