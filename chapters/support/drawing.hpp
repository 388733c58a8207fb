// Pictures made of numbers, for the chapters: heat maps, contact sheets, labels.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace course {

/// Red, green and blue, 0 to 255.
using Colour = std::array<double, 3>;

constexpr Colour black = {0, 0, 0};
constexpr Colour white = {255, 255, 255};

/// A picture (height, width, 3) of one colour.
nst::Image plain(std::size_t height, std::size_t width, const Colour& colour = white);

/// Copies `picture` into `canvas`, its upper left corner at (top, left). What would lie outside is
/// left out.
void paste(nst::Image& canvas, const nst::Image& picture, std::size_t top, std::size_t left);

/// Fills the rectangle of that height and width, its upper left corner at (top, left).
void fill(nst::Image& canvas, std::size_t top, std::size_t left, std::size_t height,
          std::size_t width, const Colour& colour);

/// Writes lines of text, separated by '\n', with the upper left corner at (top, left).
void write(nst::Image& canvas, const std::string& text, std::size_t top, std::size_t left,
           const Colour& colour = black);

/// Height and width that `write` needs.
std::size_t text_height(const std::string& text);
std::size_t text_width(const std::string& text);

/// A small picture of a large one, or the other way round: takes the nearest pixels and averages
/// nothing, so that noise is still seen.
nst::Image thumbnail(const nst::Image& picture, std::size_t height, std::size_t width);

/// Every pixel as a square of times x times pixels.
nst::Image enlarge(const nst::Image& picture, std::size_t times);

/// Channel c of a feature map, (H, W).
nst::Matrix channel(const nst::Tensor3& features, std::size_t c);

/// How far two feature maps are apart at each position: the root of the sum over the channels of
/// (a - b)^2, (H, W).
nst::Matrix distance(const nst::Tensor3& a, const nst::Tensor3& b);

/// The largest value.
double largest(const nst::Matrix& values);

/// The colour of a value from 0 to 1: black, purple, red, orange, pale yellow. Others are clamped.
Colour heat(double value);

/// The colour of a value from -1 to 1: blue, white at 0, red. Others are clamped.
Colour signed_heat(double value);

/// One pixel for each value: `low` and what is below it black, `high` and above pale yellow.
nst::Image heat_map(const nst::Matrix& values, double low, double high);

/// One pixel for each value: -extreme blue, 0 white, extreme red.
nst::Image signed_map(const nst::Matrix& values, double extreme);

/// A gradient of a picture, (H, W, 3), summed over the colours: red where more makes the cost
/// larger, blue where more makes it smaller, in full colour from three standard deviations on.
nst::Image gradient_map(const nst::Tensor3& gradient);

/// Filter number o of filters with three inputs as a picture, its smallest number black and its
/// largest white, each number a square of times x times pixels.
nst::Image filter_picture(const nst::Filters& w, std::size_t o, std::size_t times);

/// A number or a word on its colour.
struct Cell {
    std::string word;
    Colour colour;
};

/// Cells in rows of `in_a_row`, each 20 pixels high and `width` wide: how numbers lie in memory.
nst::Image cells(const std::vector<Cell>& all, std::size_t in_a_row, std::size_t width);

/// A positive number and its name.
struct Bar {
    std::string name;
    double value;
};

/// Bars below each other on a logarithmic axis that begins at the power of ten below the smallest
/// value, with a line for each power of ten.
nst::Image logarithmic_bars(const std::vector<Bar>& bars);

/// A picture with what stands below it; '\n' begins another line.
struct Panel {
    nst::Image picture;
    std::string label;
};

/// A contact sheet: the panels in rows of `columns`, on white. A column is as wide as its widest
/// picture or label.
nst::Image sheet(const std::vector<Panel>& panels, std::size_t columns);

/// printf into a string, for labels.
[[gnu::format(printf, 1, 2)]] std::string text(const char* format, ...);

}  // namespace course
