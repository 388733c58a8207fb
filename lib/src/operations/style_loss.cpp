#include "nst/style_loss.hpp"

#include "base/require.hpp"
#include "nst/gram_matrix.hpp"
#include "operations/kernels.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_gram(const char* function, FeatureView f, const Matrix& style_gram) {
    require(f.size() > 0, function, ": generated must not be empty, got ", shape_text(f.shape));
    require(style_gram.shape(0) == f.shape[2] && style_gram.shape(1) == f.shape[2], function,
            ": style_gram must be ", f.shape[2], "x", f.shape[2],
            " (one row per channel of generated), got ", shape_text(style_gram.shape()),
            ". Was it made from another layer?");
}

}  // namespace

double style_loss(FeatureView generated, const Matrix& style_gram) {
    require_gram("style_loss", generated, style_gram);
    const Matrix gram = gram_matrix(generated);
    double sum = 0;
    for (std::size_t k = 0; k < gram.size(); ++k) {
        const double difference = static_cast<double>(gram.data()[k]) - style_gram.data()[k];
        sum += difference * difference;
    }
    return sum * kernels::style_scale(generated.size()) / 4;
}

Tensor3 style_loss_backward(FeatureView generated, const Matrix& style_gram) {
    require_gram("style_loss_backward", generated, style_gram);
    Matrix difference = gram_matrix(generated) - style_gram;
    Tensor3 gradient = Tensor3::from_shape(generated.shape);
    gradient.fill(Real(0));
    // dL/dG = (G - A) / (2 C^2 (HW)^2) is symmetric, so F (dG + dG^T) = F (2 dG).
    difference *= static_cast<Real>(kernels::style_scale(generated.size()));
    kernels::add_product(StoredFeatures(generated), difference, gradient);
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
