#include "engine/arena.hpp"

#include <random>

#include "support/catch.hpp"

using nst::ArenaPlan;
using nst::Lifetime;
using nst::plan_arena;

TEST_CASE("plan_arena: buffers alive at the same step do not overlap and lie inside the arena") {
    std::mt19937 bits(1);
    for (int round = 0; round < 200; ++round) {
        std::vector<Lifetime> lifetimes(1 + bits() % 20);
        for (Lifetime& life : lifetimes) {
            life.bytes = bits() % 1000;
            life.first = bits() % 20;
            life.last = life.first + bits() % 10;
        }
        const ArenaPlan plan = plan_arena(lifetimes);
        for (std::size_t a = 0; a < lifetimes.size(); ++a) {
            CHECK(plan.offsets[a] + lifetimes[a].bytes <= plan.bytes);
            CHECK(plan.offsets[a] % 64 == 0);
            for (std::size_t b = 0; b < a; ++b) {
                const bool meet = lifetimes[a].first <= lifetimes[b].last &&
                                  lifetimes[b].first <= lifetimes[a].last;
                const bool apart = plan.offsets[a] + lifetimes[a].bytes <= plan.offsets[b] ||
                                   plan.offsets[b] + lifetimes[b].bytes <= plan.offsets[a];
                const bool holds = !meet || apart;
                CHECK(holds);
            }
        }
    }
}

TEST_CASE("plan_arena: buffers that are never alive together share memory") {
    const ArenaPlan plan = plan_arena({{640, 0, 1}, {640, 2, 3}, {64, 1, 2}});
    CHECK(plan.bytes == 704);
    CHECK(plan.offsets[0] == plan.offsets[1]);
}

TEST_CASE("plan_arena: no buffers need no memory") {
    CHECK(plan_arena({}).bytes == 0);
}
