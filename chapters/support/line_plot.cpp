#include "line_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "drawing.hpp"

namespace course {

using nst::Image;
using nst::Real;

namespace {

// Six that people who see colours differently tell apart (Okabe and Ito, "Color Universal Design").
constexpr std::array<Colour, 6> colours = {
    {{0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0}, {86, 180, 233}}};
constexpr Colour grid_colour = {225, 225, 225};
constexpr Colour frame_colour = {110, 110, 110};
constexpr double line_width = 1.8;

// The frame's corners in the picture, and room for what is around it.
struct Frame {
    double left, top, right, bottom;
};
constexpr double left_margin = 78;
constexpr double right_margin = 20;
constexpr double top_margin = 46;
constexpr double bottom_margin = 48;

// One axis: the values at the two ends of a side of the frame.
struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    bool logarithmic = false;

    bool can_show(double value) const {
        return std::isfinite(value) && (!logarithmic || value > 0);
    }
    double scaled(double value) const { return logarithmic ? std::log10(value) : value; }
    // 0 at the low end, 1 at the high end.
    double place(double value) const {
        return (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
    }
};

Range range_of(const std::vector<Curve>& curves, std::vector<double> Curve::*values, bool log) {
    Range range;
    range.logarithmic = log;
    for (const Curve& curve : curves) {
        for (const double value : curve.*values) {
            if (!range.can_show(value)) continue;
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    }
    if (!(range.low <= range.high)) range.low = range.high = 1;  // nothing to show
    if (range.low == range.high) {
        range.low = log ? range.low / 2 : range.low - 1;
        range.high = log ? range.high * 2 : range.high + 1;
    }
    return range;
}

// 1, 2 and 5 times each power of ten where these are few, else the powers alone, or every n-th.
std::vector<double> logarithmic_ticks(const Range& range) {
    const double decades = std::log10(range.high / range.low);
    const double stride = std::max(1.0, std::ceil(decades / 8));
    const std::vector<double> factors =
        decades < 3 ? std::vector<double>{1, 2, 5} : std::vector<double>{1};
    std::vector<double> ticks;
    for (double k = std::floor(std::log10(range.low)); k <= std::log10(range.high); k += stride) {
        for (const double factor : factors) {
            const double tick = factor * std::pow(10, k);
            if (tick >= range.low && tick <= range.high) ticks.push_back(tick);
        }
    }
    return ticks;
}

// Round numbers, some four to eight: multiples of 1, 2 or 5 times a power of ten. These also where
// equal factors count but the axis is too short for two ticks of that kind.
std::vector<double> ticks_of(const Range& range) {
    std::vector<double> ticks;
    if (range.logarithmic) ticks = logarithmic_ticks(range);
    if (ticks.size() >= 2) return ticks;
    ticks.clear();
    const double rough = (range.high - range.low) / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double step = power * (rough < 1.5 * power ? 1 : rough < 3.5 * power ? 2 : 5);
    for (double k = std::ceil(range.low / step); k * step <= range.high + step / 1e6; ++k) {
        ticks.push_back(k * step);
    }
    return ticks;
}

void blend(Image& canvas, std::size_t i, std::size_t j, const Colour& colour, double share) {
    for (std::size_t c = 0; c < 3; ++c) {
        canvas(i, j, c) = static_cast<Real>((1 - share) * canvas(i, j, c) + share * colour[c]);
    }
}

// Covers each pixel by how much of it lies within half a line width of the segment.
void draw_segment(Image& canvas, double x0, double y0, double x1, double y1, const Colour& colour) {
    const double length_squared = (x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0);
    const auto first = [](double a, double b) {
        return static_cast<std::size_t>(std::max(0.0, std::min(a, b) - 2));
    };
    const auto end = [](double a, double b, std::size_t size) {
        return std::min(size, static_cast<std::size_t>(std::max(a, b) + 3));
    };
    for (std::size_t i = first(y0, y1); i < end(y0, y1, canvas.shape(0)); ++i) {
        for (std::size_t j = first(x0, x1); j < end(x0, x1, canvas.shape(1)); ++j) {
            const double x = static_cast<double>(j) - x0;
            const double y = static_cast<double>(i) - y0;
            const double along =
                length_squared == 0 ? 0 : (x * (x1 - x0) + y * (y1 - y0)) / length_squared;
            const double t = std::clamp(along, 0.0, 1.0);
            const double distance = std::hypot(x - t * (x1 - x0), y - t * (y1 - y0));
            const double share = std::clamp(line_width / 2 + 0.5 - distance, 0.0, 1.0);
            if (share > 0) blend(canvas, i, j, colour, share);
        }
    }
}

void draw_curve(Image& canvas, const Curve& curve, const Frame& frame, const Range& x_range,
                const Range& y_range, const Colour& colour) {
    const auto x_of = [&](std::size_t k) {
        return frame.left + x_range.place(curve.x[k]) * (frame.right - frame.left);
    };
    const auto y_of = [&](std::size_t k) {
        return frame.bottom - y_range.place(curve.y[k]) * (frame.bottom - frame.top);
    };
    const auto shown = [&](std::size_t k) {
        return x_range.can_show(curve.x[k]) && y_range.can_show(curve.y[k]);
    };
    for (std::size_t k = 0; k < curve.x.size(); ++k) {
        const std::size_t before = k == 0 ? 0 : k - 1;
        if (!shown(k) || !shown(before)) continue;
        draw_segment(canvas, x_of(before), y_of(before), x_of(k), y_of(k), colour);
    }
}

void write_at(Image& canvas, const std::string& words, double top, double left) {
    write(canvas, words, static_cast<std::size_t>(std::max(0.0, top)),
          static_cast<std::size_t>(std::max(0.0, left)));
}

void draw_frame(Image& canvas, const Frame& frame, const Range& x_range, const Range& y_range) {
    const auto line = [&](double top, double left, double height, double width, const Colour& c) {
        fill(canvas, static_cast<std::size_t>(std::lround(top)),
             static_cast<std::size_t>(std::lround(left)),
             static_cast<std::size_t>(std::lround(height)),
             static_cast<std::size_t>(std::lround(width)), c);
    };
    const double height = frame.bottom - frame.top;
    const double width = frame.right - frame.left;
    for (const double tick : ticks_of(x_range)) {
        const double x = frame.left + x_range.place(tick) * width;
        const std::string label = text("%.4g", tick);
        line(frame.top, x, height, 1, grid_colour);
        write_at(canvas, label, frame.bottom + 5, x - static_cast<double>(text_width(label)) / 2);
    }
    for (const double tick : ticks_of(y_range)) {
        const double y = frame.bottom - y_range.place(tick) * height;
        const std::string label = text("%.4g", tick);
        line(y, frame.left, 1, width, grid_colour);
        write_at(canvas, label, y - 6, frame.left - 6 - static_cast<double>(text_width(label)));
    }
    line(frame.top, frame.left, height + 1, 1, frame_colour);
    line(frame.bottom, frame.left, 1, width + 1, frame_colour);
}

void write_names(Image& canvas, const std::vector<Curve>& curves, double left) {
    std::size_t place = static_cast<std::size_t>(left);
    for (std::size_t k = 0; k < curves.size(); ++k) {
        fill(canvas, 32, place, 3, 18, colours[k % colours.size()]);
        write(canvas, curves[k].name, 27, place + 24);
        place += 24 + text_width(curves[k].name) + 20;
    }
}

}  // namespace

Image line_plot(const std::vector<Curve>& curves, const Axes& axes, std::size_t height,
                std::size_t width) {
    Image canvas = plain(height, width);
    const Frame frame = {left_margin, top_margin, static_cast<double>(width) - right_margin,
                         static_cast<double>(height) - bottom_margin};
    const Range x_range = range_of(curves, &Curve::x, axes.log_x);
    const Range y_range = range_of(curves, &Curve::y, axes.log_y);
    draw_frame(canvas, frame, x_range, y_range);
    for (std::size_t k = 0; k < curves.size(); ++k) {
        draw_curve(canvas, curves[k], frame, x_range, y_range, colours[k % colours.size()]);
    }
    write_at(canvas, axes.title, 8, frame.left);
    const double label_end = 6 + static_cast<double>(text_width(axes.y_label)) + 24;
    write_names(canvas, curves, std::max(frame.left, label_end));
    write_at(canvas, axes.x_label, frame.bottom + 24,
             (frame.left + frame.right - static_cast<double>(text_width(axes.x_label))) / 2);
    write_at(canvas, axes.y_label, 27, 6);
    return canvas;
}

}  // namespace course
