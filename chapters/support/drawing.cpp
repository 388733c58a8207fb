#include "drawing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>
#include <sstream>

#include "font.hpp"

namespace course {

using nst::Image;
using nst::Matrix;
using nst::Real;

namespace {

constexpr std::size_t margin = 10;  // around panels
constexpr std::size_t cell_height = 20;
constexpr double colour_steps = 64;     // of the scales
constexpr std::size_t label_space = 3;  // between a picture and its label

void set_pixel(Image& canvas, std::size_t i, std::size_t j, const Colour& colour) {
    if (i >= canvas.shape(0) || j >= canvas.shape(1)) return;
    for (std::size_t c = 0; c < 3; ++c) canvas(i, j, c) = static_cast<Real>(colour[c]);
}

// The colour at `place`, 0 to 1, of a scale through equally spaced colours.
template <std::size_t count>
Colour between(const std::array<Colour, count>& colours, double place) {
    // In steps: with few colours a PNG is small. Not a number counts as 0.
    const double step = std::round(colour_steps * (place > 0 ? std::min(place, 1.0) : 0.0));
    const double scaled = step / colour_steps * (count - 1);
    const std::size_t lower = std::min(static_cast<std::size_t>(scaled), count - 2);
    const double share = scaled - static_cast<double>(lower);
    Colour colour{};
    for (std::size_t c = 0; c < 3; ++c) {
        colour[c] = (1 - share) * colours[lower][c] + share * colours[lower + 1][c];
    }
    return colour;
}

template <class ColourOf>
Image map_values(const Matrix& values, const ColourOf& colour_of) {
    Image picture = plain(values.shape(0), values.shape(1));
    for (std::size_t i = 0; i < values.shape(0); ++i) {
        for (std::size_t j = 0; j < values.shape(1); ++j) {
            set_pixel(picture, i, j, colour_of(static_cast<double>(values(i, j))));
        }
    }
    return picture;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace

Image plain(std::size_t height, std::size_t width, const Colour& colour) {
    Image picture = Image::from_shape({height, width, 3});
    fill(picture, 0, 0, height, width, colour);
    return picture;
}

void paste(Image& canvas, const Image& picture, std::size_t top, std::size_t left) {
    for (std::size_t i = 0; i < picture.shape(0); ++i) {
        for (std::size_t j = 0; j < picture.shape(1); ++j) {
            set_pixel(canvas, top + i, left + j,
                      {picture(i, j, 0), picture(i, j, 1), picture(i, j, 2)});
        }
    }
}

void fill(Image& canvas, std::size_t top, std::size_t left, std::size_t height, std::size_t width,
          const Colour& colour) {
    for (std::size_t i = top; i < top + height; ++i) {
        for (std::size_t j = left; j < left + width; ++j) set_pixel(canvas, i, j, colour);
    }
}

void write(Image& canvas, const std::string& text, std::size_t top, std::size_t left,
           const Colour& colour) {
    for (const std::string& line : lines_of(text)) {
        for (std::size_t k = 0; k < line.size(); ++k) {
            for (std::size_t i = 0; i < letter_height; ++i) {
                for (std::size_t j = 0; j < letter_width; ++j) {
                    if (!has_ink(line[k], i, j)) continue;
                    set_pixel(canvas, top + i, left + k * letter_width + j, colour);
                }
            }
        }
        top += letter_height;
    }
}

std::size_t text_height(const std::string& text) {
    return lines_of(text).size() * letter_height;
}

std::size_t text_width(const std::string& text) {
    std::size_t longest = 0;
    for (const std::string& line : lines_of(text)) longest = std::max(longest, line.size());
    return longest * letter_width;
}

Image thumbnail(const Image& picture, std::size_t height, std::size_t width) {
    Image result = plain(height, width);
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                result(i, j, c) = picture((2 * i + 1) * picture.shape(0) / (2 * height),
                                          (2 * j + 1) * picture.shape(1) / (2 * width), c);
            }
        }
    }
    return result;
}

Image enlarge(const Image& picture, std::size_t times) {
    return thumbnail(picture, picture.shape(0) * times, picture.shape(1) * times);
}

Matrix channel(const nst::Tensor3& features, std::size_t c) {
    Matrix values = Matrix::from_shape({features.shape(0), features.shape(1)});
    for (std::size_t i = 0; i < values.shape(0); ++i) {
        for (std::size_t j = 0; j < values.shape(1); ++j) values(i, j) = features(i, j, c);
    }
    return values;
}

Matrix distance(const nst::Tensor3& a, const nst::Tensor3& b) {
    Matrix distances = Matrix::from_shape({a.shape(0), a.shape(1)});
    for (std::size_t i = 0; i < a.shape(0); ++i) {
        for (std::size_t j = 0; j < a.shape(1); ++j) {
            double sum = 0;
            for (std::size_t c = 0; c < a.shape(2); ++c) {
                const double difference = static_cast<double>(a(i, j, c)) - b(i, j, c);
                sum += difference * difference;
            }
            distances(i, j) = static_cast<Real>(std::sqrt(sum));
        }
    }
    return distances;
}

double largest(const Matrix& values) {
    return static_cast<double>(*std::max_element(values.begin(), values.end()));
}

Colour heat(double value) {
    return between<5>({{{0, 0, 4}, {87, 16, 110}, {188, 55, 84}, {249, 142, 9}, {252, 255, 164}}},
                      value);
}

Colour signed_heat(double value) {
    return between<5>({{{5, 48, 97}, {67, 147, 195}, {255, 255, 255}, {214, 96, 77}, {103, 0, 31}}},
                      (value + 1) / 2);
}

Image heat_map(const Matrix& values, double low, double high) {
    return map_values(values, [&](double value) { return heat((value - low) / (high - low)); });
}

Image signed_map(const Matrix& values, double extreme) {
    return map_values(values, [&](double value) { return signed_heat(value / extreme); });
}

Image gradient_map(const nst::Tensor3& gradient) {
    const Matrix sum = xt::sum(gradient, {2});
    return signed_map(sum, 3 * xt::stddev(sum)());
}

Image filter_picture(const nst::Filters& w, std::size_t o, std::size_t times) {
    Image picture = Image::from_shape({w.shape(0), w.shape(1), w.shape(2)});
    for (std::size_t k = 0; k < picture.size(); ++k) {
        picture.data()[k] = w.data()[k * w.shape(3) + o];
    }
    const double low = xt::amin(picture)(), high = xt::amax(picture)();
    picture = 255 * (picture - low) / std::max(high - low, 1e-9);
    return enlarge(picture, times);
}

Image cells(const std::vector<Cell>& all, std::size_t in_a_row, std::size_t width) {
    Image picture = plain((all.size() + in_a_row - 1) / in_a_row * cell_height, in_a_row * width);
    for (std::size_t k = 0; k < all.size(); ++k) {
        const std::size_t top = k / in_a_row * cell_height;
        const std::size_t left = k % in_a_row * width;
        const std::size_t word_width = std::min(width, text_width(all[k].word));
        fill(picture, top, left, cell_height - 1, width - 1, all[k].colour);
        write(picture, all[k].word, top + 3, left + (width - word_width) / 2);
    }
    return picture;
}

Image logarithmic_bars(const std::vector<Bar>& bars) {
    constexpr double decade = 110;  // pixels
    constexpr std::size_t row = 30;
    constexpr Colour blue = {0, 114, 178};
    constexpr Colour grid = {210, 210, 210};
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    std::size_t left = 0;
    for (const Bar& bar : bars) {
        low = std::min(low, std::floor(std::log10(bar.value)));
        high = std::max(high, std::ceil(std::log10(bar.value)));
        left = std::max(left, text_width(bar.name) + 12);
    }
    const auto place = [&](double logarithm) {
        return left + static_cast<std::size_t>(decade * (logarithm - low));
    };
    const std::size_t bottom = row * bars.size();
    Image canvas = plain(bottom + 20, place(high) + 30);
    for (double tick = low; tick <= high; ++tick) {
        const std::string label = text("%g", std::pow(10, tick));
        fill(canvas, 0, place(tick), bottom, 1, grid);
        write(canvas, label, bottom + 5, place(tick) - std::min(left, text_width(label) / 2));
    }
    for (std::size_t b = 0; b < bars.size(); ++b) {
        const std::size_t length = place(std::log10(bars[b].value)) - left;
        write(canvas, bars[b].name, row * b + 9, 0);
        fill(canvas, row * b + 4, left, row - 8, std::max<std::size_t>(1, length), blue);
    }
    return canvas;
}

Image sheet(const std::vector<Panel>& panels, std::size_t columns) {
    const std::size_t rows = (panels.size() + columns - 1) / columns;
    std::vector<std::size_t> lefts(columns + 1, margin);
    std::vector<std::size_t> tops(rows + 1, margin);
    std::vector<std::size_t> picture_heights(rows, 0);
    for (std::size_t k = 0; k < panels.size(); ++k) {
        std::size_t& height = picture_heights[k / columns];
        height = std::max(height, panels[k].picture.shape(0));
    }
    for (std::size_t column = 0; column < columns; ++column) {
        std::size_t width = 0;
        for (std::size_t k = column; k < panels.size(); k += columns) {
            width = std::max({width, panels[k].picture.shape(1), text_width(panels[k].label)});
        }
        lefts[column + 1] = lefts[column] + width + margin;
    }
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t height = 0;
        for (std::size_t k = row * columns; k < std::min(panels.size(), (row + 1) * columns); ++k) {
            height = std::max(height, text_height(panels[k].label));
        }
        tops[row + 1] = tops[row] + picture_heights[row] + label_space + height + margin;
    }
    Image canvas = plain(tops[rows], lefts[columns]);
    for (std::size_t k = 0; k < panels.size(); ++k) {
        const std::size_t top = tops[k / columns];
        const std::size_t left = lefts[k % columns];
        paste(canvas, panels[k].picture, top, left);
        write(canvas, panels[k].label, top + picture_heights[k / columns] + label_space, left);
    }
    return canvas;
}

std::string text(const char* format, ...) {
    std::va_list values;
    va_start(values, format);
    std::array<char, 512> buffer{};
    std::vsnprintf(buffer.data(), buffer.size(), format, values);
    va_end(values);
    return buffer.data();
}

}  // namespace course
