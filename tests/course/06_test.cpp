#include "06_content_loss/by_hand.hpp"
#include "06_content_loss/check.hpp"
#include "06_content_loss/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Matrix;
using nst::Tensor3;

namespace {

double square(double x) {
    return x * x;
}

// ---- mistakes in content_loss, on (H, W, C) ----

namespace no_quarter {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t k = 0; k < content.size(); ++k) {
        sum += square(content.data()[k] - generated.data()[k]);
    }
    return sum / static_cast<double>(content.size());
}
}  // namespace no_quarter

namespace whole_numbers_divided {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    return 1 / 4 * no_quarter::content_loss(generated, content);
}
}  // namespace whole_numbers_divided

namespace no_sizes {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    return no_quarter::content_loss(generated, content) * static_cast<double>(content.size()) / 4;
}
}  // namespace no_sizes

namespace no_channels_in_the_divisor {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    return by_hand::content_loss(generated, content) * static_cast<double>(content.shape(2));
}
}  // namespace no_channels_in_the_divisor

namespace no_square {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t k = 0; k < content.size(); ++k) sum += content.data()[k] - generated.data()[k];
    return sum / (4 * static_cast<double>(content.size()));
}
}  // namespace no_square

namespace square_of_the_sum {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t k = 0; k < content.size(); ++k) sum += content.data()[k] - generated.data()[k];
    return sum * sum / (4 * static_cast<double>(content.size()));
}
}  // namespace square_of_the_sum

namespace overwritten {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t k = 0; k < content.size(); ++k) {
        sum = square(content.data()[k] - generated.data()[k]);
    }
    return sum / (4 * static_cast<double>(content.size()));
}
}  // namespace overwritten

namespace first_channel {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t k = 0; k < content.size(); k += content.shape(2)) {
        sum += square(content.data()[k] - generated.data()[k]);
    }
    return sum / (4 * static_cast<double>(content.size()));
}
}  // namespace first_channel

// Correct for one channel; otherwise an error that matches no known pattern.
namespace channels_mixed {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t p = 0; p < content.size(); p += content.shape(2)) {
        double difference = 0;
        for (std::size_t c = 0; c < content.shape(2); ++c) {
            difference += content.data()[p + c] - generated.data()[p + c];
        }
        sum += square(difference);
    }
    return sum / (4 * static_cast<double>(content.size()));
}
}  // namespace channels_mixed

namespace in_float {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    float sum = 0;
    for (std::size_t k = 0; k < content.size(); ++k) {
        sum += static_cast<float>(square(content.data()[k] - generated.data()[k]));
    }
    return sum / static_cast<float>(4 * content.size());
}
}  // namespace in_float

namespace out_of_bounds {
double content_loss(const Tensor3& generated, const Tensor3& content) {
    double sum = 0;
    for (std::size_t i = 0; i <= content.shape(0); ++i) {
        sum += square(content(i, 0, 0) - generated(i, 0, 0));
    }
    return sum;
}
}  // namespace out_of_bounds

// ---- mistakes in unroll ----

namespace by_columns {
Matrix unroll(const Tensor3& x) {
    Matrix result = Matrix::from_shape({x.shape(0) * x.shape(1), x.shape(2)});
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) {
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                result(j * x.shape(0) + i, c) = x(i, j, c);
            }
        }
    }
    return result;
}
}  // namespace by_columns

namespace channels_as_rows {
Matrix unroll(const Tensor3& x) {
    return xt::transpose(by_hand::unroll(x));
}
}  // namespace channels_as_rows

namespace never_set {
Matrix unroll(const Tensor3& x) {
    Matrix result = by_hand::unroll(x);
    result.fill(-5e303);  // the value that fills new memory during a check
    return result;
}
}  // namespace never_set

namespace first_column {
Matrix unroll(const Tensor3& x) {
    Matrix result = xt::zeros<double>({x.shape(0) * x.shape(1), x.shape(2)});
    for (std::size_t p = 0; p < result.shape(0); ++p) result(p, 0) = x.data()[p * x.shape(2)];
    return result;
}
}  // namespace first_column

// ---- mistakes in content_loss, on (HW, C) ----

namespace half {
double content_loss(const Matrix& generated, const Matrix& content) {
    return 2 * by_hand::content_loss(generated, content);
}
}  // namespace half

namespace positions_only {
double content_loss(const Matrix& generated, const Matrix& content) {
    return by_hand::content_loss(generated, content) * static_cast<double>(content.shape(1));
}
}  // namespace positions_only

using Loss = double (*)(const Tensor3&, const Tensor3&);

course::Exercise with(Loss content_loss) {
    check_06::Functions functions = NST_FUNCTIONS(by_hand);
    functions.content_loss = content_loss;
    return check_06::exercise(functions);
}

course::Exercise with_unroll(Matrix (*unroll)(const Tensor3&)) {
    check_06::Functions functions = NST_FUNCTIONS(by_hand);
    functions.unroll = unroll;
    return check_06::exercise(functions);
}

course::Exercise with_matrices(double (*content_loss)(const Matrix&, const Matrix&)) {
    check_06::Functions functions = NST_FUNCTIONS(by_hand);
    functions.content_loss_unrolled = content_loss;
    return check_06::exercise(functions);
}

}  // namespace

TEST_CASE("exercise 06: the stub counts as not written, the solution passes") {
    checking::is_not_written(NST_EXERCISE(exercise));
    checking::passes(NST_EXERCISE(by_hand));
}

TEST_CASE("exercise 06: mistakes in content_loss are named") {
    is_named(with(no_quarter::content_loss), 0, "4 times too large: is the 1/4 there?");
    is_named(with(no_sizes::content_loss), 0,
             "H W C times too large: is the division by H W C there?");
    is_named(with(no_channels_in_the_divisor::content_loss), 0,
             "C times too large: is the division by C there?");
    is_named(with(no_square::content_loss), 0, "the differences are added up as they are");
    is_named(with(square_of_the_sum::content_loss), 0, "the sum is squared, not each difference");
    is_named(with(overwritten::content_loss), 0, "only the last difference counts");
    is_named(with(first_channel::content_loss), 0, "only the first channel is counted");
    is_named(with(channels_mixed::content_loss), 0,
             "right on one channel only: are the sums over channels inside?");
    is_named(with(in_float::content_loss), 0, "right to six or seven digits");
}

TEST_CASE("exercise 06: asks about 1/4 in integers where everything is 0") {
    const auto finding = checking::findings(with(whole_numbers_divided::content_loss)).at(0);
    REQUIRE(finding.hints.size() == 1);
    CHECK(finding.hints[0].find("In C++ 1/4 is 0: write 1.0 / 4.") != std::string::npos);
}

TEST_CASE("exercise 06: reports an index out of bounds in words") {
    is_named(with(out_of_bounds::content_loss), 0,
             "index 2 is out of bounds for axis 0 with size 2");
    is_named(with(out_of_bounds::content_loss), 0, "does a loop run one step too far");
}

TEST_CASE("exercise 06: mistakes in unroll are named") {
    is_named(with_unroll(by_columns::unroll), 1, "equal after transposing H and W");
    is_named(with_unroll(channels_as_rows::unroll), 1, "the matrix is (C, HW)");
    is_named(with_unroll(never_set::unroll), 1, "not a sensible number");
    is_named(with_unroll(first_column::unroll), 1, "right on one channel only: does every channel");
}

TEST_CASE("exercise 06: mistakes in the unrolled content_loss are named") {
    is_named(with_matrices(half::content_loss), 2, "2 times too large");
    is_named(with_matrices(positions_only::content_loss), 2,
             "C times too large: is the division by C there?");
}
