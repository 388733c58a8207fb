// How long something takes.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

namespace course {

/// Seconds since it was made.
class Stopwatch {
  public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point begin_ = Clock::now();
};

/// Milliseconds that a call takes: the quickest of ten, which other programs disturbed least.
inline double milliseconds(const std::function<void()>& function) {
    double quickest = std::numeric_limits<double>::infinity();
    for (int call = 0; call < 10; ++call) {
        const Stopwatch watch;
        function();
        quickest = std::min(quickest, 1000 * watch.seconds());
    }
    return quickest;
}

}  // namespace course
