// How long something takes.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

namespace course {

/// Milliseconds that a call takes: the quickest of ten, which other programs disturbed least.
inline double milliseconds(const std::function<void()>& function) {
    using Clock = std::chrono::steady_clock;
    double quickest = std::numeric_limits<double>::infinity();
    for (int call = 0; call < 10; ++call) {
        const Clock::time_point start = Clock::now();
        function();
        const std::chrono::duration<double, std::milli> time = Clock::now() - start;
        quickest = std::min(quickest, time.count());
    }
    return quickest;
}

}  // namespace course
