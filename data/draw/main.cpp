// Draws the sample pictures: draw_sample_pictures FOLDER writes content/ and style/ below it.

#include <exception>
#include <filesystem>
#include <iostream>

#include "sample_pictures.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: draw_sample_pictures FOLDER\n";
        return 2;
    }
    try {
        const std::filesystem::path folder = argv[1];
        std::filesystem::create_directories(folder / "content");
        std::filesystem::create_directories(folder / "style");
        draw::save_png(folder / "content/glass_pyramid.png", draw::glass_pyramid());
        draw::save_jpeg(folder / "content/harbour.jpg", draw::harbour());
        draw::save_jpeg(folder / "content/portrait.jpg", draw::portrait());
        draw::save_png(folder / "style/field_of_strokes.png", draw::field_of_strokes());
        draw::save_png(folder / "style/swirling_night.png", draw::swirling_night());
        draw::save_jpeg(folder / "style/woodcut_bay.jpg", draw::woodcut_bay());
        draw::save_jpeg(folder / "style/cubist_still_life.jpg", draw::cubist_still_life());
        draw::save_jpeg(folder / "style/mosaic_peacock.jpg", draw::mosaic_peacock());
    } catch (const std::exception& error) {
        std::cerr << "draw_sample_pictures: " << error.what() << '\n';
        return 2;
    }
    return 0;
}
