#include "parallel/workspace.hpp"

#include <memory>

#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Returns at least `size` numbers that start at a cache line, so that no vector crosses one.
template <class Number>
Number* at_least(std::vector<Number>& buffer, std::size_t size) {
    constexpr std::size_t line = 64;
    const std::size_t room = size + line / sizeof(Number);
    if (buffer.size() < room) {
        buffer = std::vector<Number>();  // frees the old memory before allocating the new
        buffer.resize(room);
    }
    void* start = buffer.data();
    std::size_t bytes = buffer.size() * sizeof(Number);
    return static_cast<Number*>(std::align(line, size * sizeof(Number), start, bytes));
}

}  // namespace

Workspace::Workspace() : buffers_(static_cast<std::size_t>(thread_count())) {}

void Workspace::reserve(std::size_t size) {
    const auto workers = static_cast<std::size_t>(thread_count());
    if (buffers_.size() < workers) buffers_.resize(workers);
    for (std::size_t worker = 0; worker < buffers_.size(); ++worker) buffer(worker, size);
}

Real* Workspace::buffer(std::size_t worker, std::size_t size) {
    return at_least(buffers_.at(worker), size);
}

Real* Workspace::shared(std::size_t size) {
    return at_least(shared_, size);
}

double* Workspace::sums(std::size_t size) {
    return at_least(sums_, size);
}

}  // namespace NST_PRECISION
}  // namespace nst
