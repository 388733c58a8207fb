// Pictures of one size below each other in one tall picture, a row of zeros between them, as on a
// strip of film: a 3x3 convolution of the strip is that of each picture.
#pragma once

#include "view.hpp"

namespace nst {
inline namespace NST_PRECISION {

struct FilmStrip {
    std::size_t count = 0;  ///< pictures
    std::size_t side = 0;   ///< height and width of each

    std::size_t height() const { return count * (side + 1) - 1; }
    Shape3 shape(std::size_t channels) const { return {height(), side, channels}; }
    FilmStrip pooled() const { return {count, (side + 1) / 2}; }
    std::size_t pixels() const { return side * side; }  ///< of a picture
};

/// Picture k of a strip, as it lies in memory.
template <class Value>
View<Value> frame(const FilmStrip& strip, const View<Value>& all, std::size_t k) {
    return {all.at(k * (strip.side + 1), 0), {strip.side, strip.side, all.channels()}};
}

/// Sets the rows between the pictures to zero.
void clear_between(const FilmStrip& strip, Features all);

/// means(k, c) = the mean of channel c over picture k; means is (count, C).
void frame_means(const FilmStrip& strip, ConstFeatures y, Matrix& means);

/// dy += what frame_means' gradient makes of dmeans, (count, C).
void frame_means_backward(const FilmStrip& strip, const Matrix& dmeans, Features dy);

}  // namespace NST_PRECISION
}  // namespace nst
