#include "progress_bar.hpp"

#include <unistd.h>

#include <cmath>
#include <iomanip>
#include <iostream>

#include "require.hpp"

namespace nst::tools {

ProgressBar::ProgressBar(bool wanted)
    : active_(wanted && isatty(STDERR_FILENO) == 1), start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::show(int done, int all) const {
    if (!active_) return;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    std::cerr << '\r' << bar_text(done, all, passed.count()) << "\033[K" << std::flush;
}

void ProgressBar::clear() const {
    if (active_) std::cerr << "\r\033[K" << std::flush;
}

std::string bar_text(int done, int all, double seconds_so_far) {
    constexpr int width = 30;
    const int filled = all > 0 ? done * width / all : width;
    TextStream text;
    text << '[' << std::string(static_cast<std::size_t>(filled), '#')
         << std::string(static_cast<std::size_t>(width - filled), ' ') << "] " << std::setw(3)
         << (all > 0 ? 100 * done / all : 100) << " %   " << done << " of " << all;
    if (done > 0) {
        const long left = std::lround(seconds_so_far / done * (all - done));
        text << "   " << left / 60 << ':' << std::setw(2) << std::setfill('0') << left % 60
             << " left";
    }
    return text.str();
}

}  // namespace nst::tools
