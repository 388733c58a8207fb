// What the programs of all chapters share: their arguments, their exit codes, and how they say what
// they wrote.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace course {

/// An option that only one chapter has: a whole number.
struct Number {
    std::string name;  ///< "--steps"
    std::string help;
    long* value;  ///< holds what is taken when nothing else is said
    long least;
    long most;
};

/// Which chapter this is, and what it takes when nothing else is said.
struct About {
    std::string name;          ///< "06_content_loss"
    std::string title;         ///< "Chapter 06: content loss", printed first
    std::string size = "400";  ///< of the pictures, as in --size
    std::string smoke_size = "64";
    std::vector<Number> options = {};
};

/// The arguments, with the sample pictures and the bundled network where none was named.
struct Arguments {
    std::filesystem::path weights;
    std::filesystem::path content;
    std::filesystem::path style;
    std::filesystem::path output;  ///< folder for what the chapter writes; `run` makes it
    std::string size;              ///< WxH, or N for the longer side
    bool smoke = false;            ///< do as little as shows that everything works
};

/// Runs a chapter: reads the arguments, calls `show`, and turns what happens into the exit code: 0,
/// 1 when `show` returns false because by-hand and library disagree, 2 with one line for an error.
/// A file that cannot be read is one before anything is printed.
int run(int argc, char** argv, const About& about,
        const std::function<bool(const Arguments&)>& show);

/// A picture of `data/`, such as "style/field_of_strokes.png", wherever the program is started.
std::filesystem::path sample(const std::string& name);

/// Loads a picture and gives it the size of --size. Throws where that leaves a side shorter than
/// `least` pixels.
nst::Image load_picture(const Arguments& arguments, const std::filesystem::path& file,
                        std::size_t least = 1);

/// Writes a picture into the output folder and says where.
void write_picture(const Arguments& arguments, const std::string& name, const nst::Image& image);

/// Whether two numbers agree to half of their digits. Says so on standard error when they do not.
bool agree(const std::string& what, double by_hand, double library);

/// The same for tensors of one shape, by the largest difference relative to the largest value.
template <class Tensor>
bool agree(const std::string& what, const Tensor& by_hand, const Tensor& library);

/// Reports a disagreement on standard error.
void report_disagreement(const std::string& what, double by_hand, double library);

/// Half of the digits of the library's numbers.
double largest_difference();

template <class Tensor>
bool agree(const std::string& what, const Tensor& by_hand, const Tensor& library) {
    const bool same_shape = by_hand.shape() == library.shape();
    std::size_t worst = 0;
    double difference = same_shape ? 0 : 1;
    double scale = 0;
    for (std::size_t k = 0; same_shape && k < library.size(); ++k) {
        const double here = std::abs(static_cast<double>(by_hand.data()[k]) - library.data()[k]);
        scale = std::max(scale, std::abs(static_cast<double>(library.data()[k])));
        if (here <= difference) continue;
        difference = here;
        worst = k;
        if (std::isnan(here)) break;  // nothing is larger
    }
    if (same_shape && difference <= largest_difference() * scale) return true;
    if (same_shape) {
        report_disagreement(what + " [" + std::to_string(worst) + "]",
                            static_cast<double>(by_hand.data()[worst]),
                            static_cast<double>(library.data()[worst]));
    } else {
        report_disagreement(what + ", number of values", static_cast<double>(by_hand.size()),
                            static_cast<double>(library.size()));
    }
    return false;
}

}  // namespace course
