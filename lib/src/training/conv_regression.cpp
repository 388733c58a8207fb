#include "nst/conv_regression.hpp"

#include <algorithm>
#include <cmath>

#include "base/require.hpp"
#include "blas/blas.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block_columns = 96;  // of the products, by one worker

// Writes the row (under the filter, 1, wanted) for each position of rows first..last-1.
void write_rows(FeatureView x, FeatureView z, std::size_t first, std::size_t last, Real* rows) {
    const std::size_t seen = 9 * x.channels();
    const std::size_t row_size = seen + 1 + z.channels();
    parallel_blocks(last - first, [&](std::size_t block, std::size_t) {
        const std::size_t i = first + block;
        Real* to = rows + block * x.width() * row_size;
        kernels::im2col(x, 3, 3, Padding::zero, i, i + 1, to, row_size);
        for (std::size_t j = 0; j < x.width(); ++j, to += row_size) {
            to[seen] = 1;
            std::copy_n(z.at(i, j), z.channels(), to + seen + 1);
        }
    });
}

// Adds the products of the columns with each other, on and above the diagonal.
void add_products(MatrixView<const Real> rows, Workspace& workspace, double* products) {
    const std::size_t size = rows.columns;
    parallel_blocks(block_count(size, block_columns), [&](std::size_t block, std::size_t worker) {
        const std::size_t first = block * block_columns;
        const std::size_t columns = std::min(block_columns, size - first);
        Real* part = workspace.buffer(worker, size * block_columns);
        syrk(rows, first, {part, first + columns, columns});
        for (std::size_t i = 0; i < first + columns; ++i) {
            for (std::size_t j = i < first ? 0 : i - first; j < columns; ++j) {
                products[i * size + first + j] += part[i * columns + j];
            }
        }
    });
}

}  // namespace

ConvRegression::ConvRegression(std::size_t inputs, std::size_t outputs)
    : inputs_(inputs), outputs_(outputs) {
    require(inputs > 0 && outputs > 0,
            "ConvRegression: inputs and outputs must be at least 1, got ", inputs, " and ",
            outputs);
    const std::size_t size = 9 * inputs + 1 + outputs;
    products_.resize(size * size);
}

void ConvRegression::add(FeatureView x, FeatureView z) {
    require(x.size() > 0 && x.channels() == inputs_, "ConvRegression: x must be (H, W, ", inputs_,
            "), got ", shape_text(x.shape));
    require(z.height() == x.height() && z.width() == x.width() && z.channels() == outputs_,
            "ConvRegression: z must be (", x.height(), ", ", x.width(), ", ", outputs_,
            "), as x is ", shape_text(x.shape), ", got ", shape_text(z.shape));
    const std::size_t size = inputs() + outputs_;
    const std::size_t step = rows_per_block(x.shape);
    Workspace workspace;
    Real* rows = workspace.shared(step * x.width() * size);
    for (std::size_t first = 0; first < x.height(); first += step) {
        const std::size_t last = std::min(x.height(), first + step);
        write_rows(x, z, first, last, rows);
        add_products({rows, (last - first) * x.width(), size}, workspace, products_.data());
    }
    positions_ += x.height() * x.width();
}

double ConvRegression::product(std::size_t row, std::size_t column) const {
    const std::size_t size = inputs() + outputs_;
    return products_[std::min(row, column) * size + std::max(row, column)];
}

ConvFit ConvRegression::solve(double ridge) const {
    require(ridge > 0 && std::isfinite(ridge), "ConvRegression: ridge must be positive, got ",
            ridge);
    require(positions_ > 0, "ConvRegression: nothing was added");
    const std::size_t unknowns = inputs();
    const std::size_t seen = unknowns - 1;
    double squares = 0;
    for (std::size_t k = 0; k < seen; ++k) squares += product(k, k);
    require(std::all_of(products_.begin(), products_.end(),
                        [](double value) { return std::isfinite(value); }),
            "ConvRegression: a value that was added is not finite, or its square overflows");
    require(squares > 0, "ConvRegression: every input is 0");
    std::vector<double> left(unknowns * unknowns);
    std::vector<double> solutions(outputs_ * unknowns);
    for (std::size_t k = 0; k < unknowns; ++k) {
        for (std::size_t l = k; l < unknowns; ++l) left[k * unknowns + l] = product(k, l);
        for (std::size_t o = 0; o < outputs_; ++o) {
            solutions[o * unknowns + k] = product(k, unknowns + o);
        }
        if (k < seen) left[k * unknowns + k] += ridge * squares / static_cast<double>(seen);
    }
    solve_positive_definite({left.data(), unknowns, unknowns},
                            {solutions.data(), outputs_, unknowns});
    ConvFit fit{Filters::from_shape({3, 3, inputs_, outputs_}), Vector::from_shape({outputs_})};
    for (std::size_t o = 0; o < outputs_; ++o) {
        for (std::size_t k = 0; k < seen; ++k) {
            fit.filters.data()[k * outputs_ + o] = static_cast<Real>(solutions[o * unknowns + k]);
        }
        fit.bias(o) = static_cast<Real>(solutions[o * unknowns + seen]);
    }
    return fit;
}

double ConvRegression::error(const ConvFit& fit) const {
    const std::array<std::size_t, 4> shape{3, 3, inputs_, outputs_};
    require(fit.filters.shape() == shape && fit.bias.size() == outputs_,
            "ConvRegression: the filters must be ", shape_text(shape), " with ", outputs_,
            " biases, got ", shape_text(fit.filters.shape()), " and ", fit.bias.size());
    require(positions_ > 0, "ConvRegression: nothing was added");
    const std::size_t unknowns = inputs();
    const auto weight = [&](std::size_t k, std::size_t o) -> double {
        return k + 1 < unknowns ? fit.filters.data()[k * outputs_ + o] : fit.bias(o);
    };
    double squared_errors = 0;
    double squared_deviations = 0;
    for (std::size_t o = 0; o < outputs_; ++o) {
        const std::size_t z = unknowns + o;
        const double squares = product(z, z);
        const double sum = product(unknowns - 1, z);
        squared_deviations += squares - sum * sum / static_cast<double>(positions_);
        squared_errors += squares;
        for (std::size_t k = 0; k < unknowns; ++k) {
            double predicted = 0;
            for (std::size_t l = 0; l < unknowns; ++l) predicted += product(k, l) * weight(l, o);
            squared_errors += weight(k, o) * (predicted - 2 * product(k, z));
        }
    }
    return squared_deviations > 0 ? std::max(0.0, squared_errors) / squared_deviations : 0;
}

}  // namespace NST_PRECISION
}  // namespace nst
