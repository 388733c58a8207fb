#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::atomic<std::size_t> count{0};
std::atomic<std::size_t> in_use{0};
std::atomic<std::size_t> peak{0};
std::atomic<std::size_t> in_use_at_start{0};

// The size of each block is stored in front of it, padded to the alignment.
constexpr std::size_t default_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* give_or_null(std::size_t size, std::size_t alignment) noexcept {
    const std::size_t whole = (alignment + size + alignment - 1) / alignment * alignment;
    auto* memory = static_cast<char*>(std::aligned_alloc(alignment, whole));
    if (memory == nullptr) return nullptr;
    std::memcpy(memory, &size, sizeof size);
    ++count;
    const std::size_t now = in_use += size;
    std::size_t highest = peak;
    while (now > highest && !peak.compare_exchange_weak(highest, now)) {
    }
    return memory + alignment;
}

void* give(std::size_t size, std::size_t alignment) {
    void* memory = give_or_null(size, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void take_back(void* given, std::size_t alignment) {
    if (given == nullptr) return;
    char* memory = static_cast<char*>(given) - alignment;
    std::size_t size = 0;
    std::memcpy(&size, memory, sizeof size);
    in_use -= size;
    std::free(memory);
}

}  // namespace

namespace nst_test {

void start_counting_allocations() {
    count = 0;
    in_use_at_start = in_use.load();
    peak = in_use.load();
}

Allocations counted_allocations() {
    return {count, peak - in_use_at_start};
}

}  // namespace nst_test

// The other forms call these. The nothrow form is here because AddressSanitizer has its own, and
// std::stable_sort frees memory from the nothrow form with the plain operator delete.
void* operator new(std::size_t size) {
    return give(size, default_alignment);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return give_or_null(size, default_alignment);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return give(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    take_back(memory, default_alignment);
}
void operator delete(void* memory, std::size_t) noexcept {
    take_back(memory, default_alignment);
}
void operator delete(void* memory, std::align_val_t alignment) noexcept {
    take_back(memory, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
    take_back(memory, static_cast<std::size_t>(alignment));
}
