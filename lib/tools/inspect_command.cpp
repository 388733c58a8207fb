#include "inspect_command.hpp"

#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "image_size.hpp"
#include "nst/printable_text.hpp"
#include "nst/vgg19.hpp"
#include "require.hpp"

namespace nst::tools {

namespace {

// Formats a number with commas, for people: 143,667,240.
std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
    return digits;
}

std::string joined(const std::vector<std::size_t>& numbers, const char* separator) {
    TextStream text;
    for (const std::size_t number : numbers) text << (text.tellp() > 0 ? separator : "") << number;
    return text.str().empty() ? "-" : text.str();
}

std::vector<std::string> cells(const LayerRow& row) {
    const auto& moved = row.filter_shape.empty() ? row.window : row.filter_shape;
    return {std::to_string(row.index),
            row.name,
            row.type,
            joined(moved, "x"),
            moved.empty() ? "-" : joined(row.stride, "x"),
            moved.empty() ? "-" : joined(row.pad, " "),
            row.parameters == 0 ? "-" : grouped(row.parameters),
            std::to_string(row.receptive_field),
            row.output_size.size() == 2
                ? std::to_string(row.output_size[1]) + "x" + std::to_string(row.output_size[0])
                : "-"};
}

void print_table(const MatSummary& summary) {
    std::vector<std::vector<std::string>> rows = {
        {"index", "name", "type", "filter", "stride", "pad", "parameters", "sees", "output"}};
    for (const LayerRow& row : summary.layers) rows.push_back(cells(row));
    std::vector<std::size_t> widths(rows[0].size());
    for (const auto& row : rows) {
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
    }
    for (const auto& row : rows) {
        TextStream line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const bool number = c == 0 || c >= 6;
            line << (c > 0 ? "  " : "") << (number ? std::right : std::left)
                 << std::setw(static_cast<int>(widths[c])) << row[c];
        }
        std::cout << line.str() << '\n';
    }
}

void print_summary(const std::string& file, const MatSummary& summary, const ImageSize& size) {
    std::uint64_t parameters = 0;
    for (const LayerRow& row : summary.layers) parameters += row.parameters;
    std::cout << "file         " << printable_text(file) << '\n'
              << "header       " << summary.header << '\n'
              << "size         " << grouped(summary.bytes) << " bytes\n"
              << "MD5          " << summary.md5 << '\n'
              << "known as     "
              << (summary.known_as.empty() ? "none of the published files" : summary.known_as)
              << '\n'
              << "layout       " << summary.generation << '\n';
    if (!summary.description.empty()) std::cout << "description  " << summary.description << '\n';
    std::cout << "mean RGB     " << summary.mean[0] << ' ' << summary.mean[1] << ' '
              << summary.mean[2] << '\n'
              << "layers       " << summary.layers.size() << ", " << grouped(parameters)
              << " parameters\n\n";
    print_table(summary);
    std::cout << "\nfilter: height x width x inputs x outputs; of a pool, height x width. pad: top "
                 "bottom left right.\nsees: receptive field, pixels on a side. output: width x "
                 "height for a "
              << text(size) << " image.\n";
}

}  // namespace

void add_inspect_command(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "inspect", "Prints the layers of a VGG-19 .mat and tells which published file it is");
    struct Arguments {
        std::string file;
        std::string size = "400x300";
    };
    const auto arguments = std::make_shared<Arguments>();
    command->add_option("FILE", arguments->file, "MatConvNet's .mat")->required();
    command->add_option("--size", arguments->size, "Image for the output sizes: WxH or N")
        ->capture_default_str();
    command->callback([arguments] {
        const ImageSize size = parse_size(arguments->size, {1, 1});
        print_summary(arguments->file, inspect_vgg19(arguments->file, size.height, size.width),
                      size);
    });
}

}  // namespace nst::tools
