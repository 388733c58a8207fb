// The layer table of a VGG-19 `.mat` of any generation, without the weights themselves.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mat/mat_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The largest total size of a network's filters, three times that of VGG-19: a small file of
/// deflated zeros must not turn into gigabytes.
constexpr std::size_t max_filter_numbers = std::size_t{1} << 26;

/// The convolutional part ends with this many pools; what follows is only shown, never needed.
constexpr std::size_t pools_of_vgg = 5;

/// One cell of `layers`, with missing fields filled in as MatConvNet does.
struct FileLayer {
    std::size_t index;  ///< counted from 0
    std::string name;   ///< on one line, like type
    std::string type;
    std::optional<MatNode> filters;           ///< of a conv layer
    std::optional<MatNode> biases;            ///< of a conv layer
    std::vector<std::size_t> filter_shape;    ///< (kh, kw, C_in, C_out) of a conv layer, else empty
    std::vector<std::size_t> window;          ///< (h, w) of a pool layer, else empty
    std::array<std::size_t, 2> stride{1, 1};  ///< (vertical, horizontal)
    std::array<std::size_t, 4> pad{};         ///< (top, bottom, left, right)
    bool is_plain = true;                     ///< neither a dilated convolution nor a leaky ReLU

    /// Returns "layer conv3_1 (index 10)" for an error message.
    std::string title() const;
};

/// An open VGG-19 file. It must not be moved, because the nodes of `layers` point into `file`.
struct Vgg19File {
    Vgg19File(const std::string& function, const std::filesystem::path& mat_file);
    Vgg19File(const Vgg19File&) = delete;
    Vgg19File& operator=(const Vgg19File&) = delete;

    MatFile file;
    std::vector<FileLayer> layers;

    /// Returns the mean of the training images, one number for each of R, G and B.
    /// @throws Error when the file has none
    std::array<double, 3> mean();
    /// Returns meta.description on one line, or nothing.
    std::string description();
    /// Returns which MatConvNet layout this is, in words.
    std::string generation() const;

  private:
    /// Finds `name`, a variable of the file or, of a whole network, a field.
    std::optional<MatNode> find(const std::string& name);

    std::optional<MatNode> net_;  ///< the struct that holds everything, if there is one
    std::optional<MatNode> meta_;
    std::optional<MatNode> first_conv_;
};

}  // namespace NST_PRECISION
}  // namespace nst
