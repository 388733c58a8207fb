#include "course_tensors.hpp"

#include <algorithm>
#include <vector>

#include "tensorflow_random.hpp"

namespace course {

namespace {

// The numbers of the two drawing operations in the course's graph, which TensorFlow 1 adds to the
// seed.
constexpr std::uint32_t first_operation = 3;
constexpr std::uint32_t second_operation = 9;

nst::Tensor3 features(std::uint32_t operation) {
    const std::vector<double> values = nst::tools::tensorflow_random_normal(4 * 4 * 3, operation);
    nst::Tensor3 tensor = nst::Tensor3::from_shape({4, 4, 3});
    std::transform(values.begin(), values.end(), tensor.begin(),
                   [](double value) { return static_cast<nst::Real>(value); });
    return tensor;
}

}  // namespace

nst::Tensor3 first_tensor() {
    return features(first_operation);
}

nst::Tensor3 second_tensor() {
    return features(second_operation);
}

nst::Tensor3 gram_tensor() {
    const std::vector<double> rows = nst::tools::tensorflow_random_normal(3 * 2, first_operation);
    nst::Tensor3 tensor = nst::Tensor3::from_shape({2, 1, 3});
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t p = 0; p < 2; ++p) {
            tensor(p, 0, c) = static_cast<nst::Real>(rows[c * 2 + p]);
        }
    }
    return tensor;
}

}  // namespace course
