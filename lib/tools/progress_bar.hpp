#pragma once

#include <chrono>
#include <string>

namespace nst::tools {

/// A bar with percentage, count and estimated time to go, on standard error when that is a terminal
/// and silent otherwise.
class ProgressBar {
  public:
    explicit ProgressBar(bool wanted);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(int done, int all) const;

    /// Makes room for a line of text; the next show() draws the bar again.
    void clear() const;

  private:
    bool active_;
    std::chrono::steady_clock::time_point start_;
};

/// The bar as one line: "[#########           ]  45 %   90 of 200   0:41 left".
std::string bar_text(int done, int all, double seconds_so_far);

}  // namespace nst::tools
