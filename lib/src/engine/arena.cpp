#include "engine/arena.hpp"

#include <algorithm>
#include <new>
#include <numeric>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t line = 64;

bool meet(const Lifetime& a, const Lifetime& b) {
    return a.first <= b.last && b.first <= a.last;
}

}  // namespace

ArenaPlan plan_arena(const std::vector<Lifetime>& lifetimes) {
    std::vector<std::size_t> order(lifetimes.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return lifetimes[a].bytes > lifetimes[b].bytes;
    });
    ArenaPlan plan{std::vector<std::size_t>(lifetimes.size()), 0};
    std::vector<std::size_t> placed;  // by offset
    for (const std::size_t item : order) {
        const std::size_t bytes = (lifetimes[item].bytes + line - 1) / line * line;
        std::size_t offset = 0;
        for (const std::size_t other : placed) {
            if (!meet(lifetimes[item], lifetimes[other])) continue;
            if (offset + bytes <= plan.offsets[other]) break;
            offset = std::max(
                offset, plan.offsets[other] + (lifetimes[other].bytes + line - 1) / line * line);
        }
        plan.offsets[item] = offset;
        plan.bytes = std::max(plan.bytes, offset + bytes);
        placed.insert(std::upper_bound(placed.begin(), placed.end(), item,
                                       [&](std::size_t a, std::size_t b) {
                                           return plan.offsets[a] < plan.offsets[b];
                                       }),
                      item);
    }
    return plan;
}

Arena::Arena(std::size_t bytes)
    : memory_(
          static_cast<std::byte*>(::operator new(std::max(bytes, line), std::align_val_t(line)))) {}

void Arena::Free::operator()(std::byte* memory) const {
    ::operator delete(memory, std::align_val_t(line));
}

}  // namespace NST_PRECISION
}  // namespace nst
