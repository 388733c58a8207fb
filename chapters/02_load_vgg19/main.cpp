// Chapter 02: the layers of the network, read byte by byte, and its first filters.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "by_hand.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"

using by_hand::Bytes;
using by_hand::MatArray;

namespace {

constexpr std::size_t header_bytes = 128;  // of every MATLAB 5 file

Bytes bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string text(const std::vector<double>& letters) {
    return {letters.begin(), letters.end()};
}

const MatArray& field(const MatArray& structure, const std::string& name) {
    const auto found = std::find(structure.fields.begin(), structure.fields.end(), name);
    return structure.inside.at(static_cast<std::size_t>(found - structure.fields.begin()));
}

// Prints a layer; of a convolution also adds the filters and compares them with the library's.
bool show_layer(const MatArray& layer, const nst::Network& network,
                std::vector<nst::Filters>& filters) {
    const std::string name = text(field(layer, "name").numbers);
    const std::string type = text(field(layer, "type").numbers);
    std::printf("  %-9s %s", name.c_str(), type.c_str());
    if (type != "conv") {
        std::printf("\n");
        return true;
    }
    const MatArray& stored = field(layer, "weights").inside[0];
    std::array<std::size_t, 4> shape{1, 1, 1, 1};
    std::copy(stored.shape.begin(), stored.shape.end(), shape.begin());
    const nst::Filters w = by_hand::filters_from_column_major(stored.numbers, shape);
    std::printf(" %zu x %zu x %3zu x %3zu %8zu filter numbers, w(0, 2, 0, 0) = %8.4f\n", shape[0],
                shape[1], shape[2], shape[3], w.size(), w(0, 2, 0, 0));
    filters.push_back(w);
    return course::agree(name, w, network.layers[network.index_of(name)].filters);
}

bool show(const course::Arguments& arguments) {
    // The published file is compressed; this copy has the same arrays as they are.
    const std::filesystem::path copy = arguments.output / "uncompressed.mat";
    nst::save_vgg19(nst::load_vgg19(arguments.weights), copy, nst::MatStorage::uncompressed);
    std::printf("Wrote %s\n\n", copy.string().c_str());
    const nst::Network network = nst::load_vgg19(copy);
    const Bytes bytes = bytes_of(copy);
    std::printf("%.116s\n", reinterpret_cast<const char*>(bytes.data()));

    bool same = true;
    std::vector<nst::Filters> filters;
    for (std::size_t place = header_bytes; place < bytes.size();) {
        const by_hand::Element element = by_hand::element_at(bytes, place);
        const MatArray variable = by_hand::read_array(bytes, element);
        std::printf("\nVariable %s, %zu bytes\n", text(variable.name).c_str(), element.size);
        if (text(variable.name) == "layers") {
            for (const MatArray& layer : variable.inside)
                same &= show_layer(layer, network, filters);
        }
        place = element.next;
    }
    std::printf("\n");
    std::vector<course::Panel> panels;
    for (std::size_t o = 0; o < filters[0].shape(3); ++o) {
        panels.push_back({course::filter_picture(filters[0], o, 12), ""});
    }
    course::write_picture(arguments, "filters.png", course::sheet(panels, 16));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"02_load_vgg19", "Chapter 02: loading VGG-19"}, show);
}
