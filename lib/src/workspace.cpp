#include "kernels.hpp"
#include "parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

Workspace::Workspace() : buffers_(static_cast<std::size_t>(thread_count())) {}

void Workspace::reserve(std::size_t size) {
    const auto workers = static_cast<std::size_t>(thread_count());
    if (buffers_.size() < workers) buffers_.resize(workers);
    for (std::size_t worker = 0; worker < buffers_.size(); ++worker) buffer(worker, size);
}

Real* Workspace::buffer(std::size_t worker, std::size_t size) {
    auto& buffer = buffers_.at(worker);
    if (buffer.size() < size) {
        buffer = std::vector<Real>();  // gives the old memory back before it takes new
        buffer.resize(size);
    }
    return buffer.data();
}

double* Workspace::sums(std::size_t size) {
    if (sums_.size() < size) {
        sums_ = std::vector<double>();
        sums_.resize(size);
    }
    return sums_.data();
}

}  // namespace NST_PRECISION
}  // namespace nst
