#include "kernels.hpp"
#include "parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

Workspace::Workspace() : buffers_(static_cast<std::size_t>(thread_count())) {}

Real* Workspace::buffer(std::size_t worker, std::size_t size) {
    auto& buffer = buffers_.at(worker);
    if (buffer.size() < size) buffer = std::vector<Real>(size);
    return buffer.data();
}

double* Workspace::sums(std::size_t size) {
    if (sums_.size() < size) sums_ = std::vector<double>(size);
    return sums_.data();
}

}  // namespace NST_PRECISION
}  // namespace nst
