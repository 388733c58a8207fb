#pragma once

#include <chrono>
#include <string>

namespace nst::tools {

/// A progress bar with percentage, count and estimated time left, on standard error if that is a
/// terminal and silent otherwise.
class ProgressBar {
  public:
    explicit ProgressBar(bool wanted);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(int done, int all) const;

    /// Clears the bar to make room for a line of text; the next show() draws it again.
    void clear() const;

  private:
    bool active_;
    std::chrono::steady_clock::time_point start_;
};

/// Returns the bar as one line: "[#########           ]  45 %   90 of 200   0:41 left".
std::string bar_text(int done, int all, double seconds_so_far);

}  // namespace nst::tools
