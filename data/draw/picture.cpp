#include "picture.hpp"

#include <lodepng.h>

#include <cstdio>  // jpeglib.h needs FILE
#include <cstdlib>
#include <stdexcept>

#include <jpeglib.h>

namespace draw {

Picture reduced(const Picture& picture, int factor) {
    Picture small(picture.width / factor, picture.height / factor);
    for (int y = 0; y < small.height; ++y) {
        for (int x = 0; x < small.width; ++x) {
            Vec3 sum;
            for (int j = 0; j < factor; ++j) {
                for (int i = 0; i < factor; ++i) {
                    sum = sum + picture.at(x * factor + i, y * factor + j);
                }
            }
            small.at(x, y) = sum * (1.0 / (factor * factor));
        }
    }
    return small;
}

std::vector<std::uint8_t> to_bytes(const Picture& picture) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(picture.pixels.size() * 3);
    for (const Vec3& p : picture.pixels) {
        for (const double v : {p.x, p.y, p.z}) {
            bytes.push_back(static_cast<std::uint8_t>(std::lround(clamp01(v) * 255)));
        }
    }
    return bytes;
}

void save_png(const std::filesystem::path& file, const Picture& picture) {
    const unsigned error =
        lodepng::encode(file.string(), to_bytes(picture), static_cast<unsigned>(picture.width),
                        static_cast<unsigned>(picture.height), LCT_RGB);
    if (error != 0) {
        throw std::runtime_error("save_png: cannot write " + file.string() + ": " +
                                 lodepng_error_text(error));
    }
}

std::vector<std::uint8_t> to_jpeg(const Picture& picture) {
    std::vector<std::uint8_t> bytes = to_bytes(picture);
    jpeg_compress_struct encoder{};
    jpeg_error_mgr errors{};
    encoder.err = jpeg_std_error(&errors);
    jpeg_create_compress(&encoder);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&encoder, &memory, &size);
    encoder.image_width = static_cast<JDIMENSION>(picture.width);
    encoder.image_height = static_cast<JDIMENSION>(picture.height);
    encoder.input_components = 3;
    encoder.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder);
    jpeg_set_quality(&encoder, 90, TRUE);
    encoder.comp_info[0].h_samp_factor = 1;
    encoder.comp_info[0].v_samp_factor = 1;
    encoder.optimize_coding = TRUE;
    encoder.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&encoder, TRUE);
    const std::size_t stride = static_cast<std::size_t>(picture.width) * 3;
    while (encoder.next_scanline < encoder.image_height) {
        JSAMPROW row = bytes.data() + encoder.next_scanline * stride;
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    std::vector<std::uint8_t> file(memory, memory + size);
    std::free(memory);
    return file;
}

void save_jpeg(const std::filesystem::path& file, const Picture& picture) {
    const unsigned error = lodepng::save_file(to_jpeg(picture), file.string());
    if (error != 0) throw std::runtime_error("save_jpeg: cannot write " + file.string());
}

Vec3 from_hsv(double hue, double saturation, double value) {
    const double turn = hue / 360 - std::floor(hue / 360);
    const auto channel = [&](double offset) {
        const double k = std::fmod(offset + turn * 6, 6.0);
        return value * (1 - saturation * clamp01(std::min(k, 4 - k)));
    };
    return {channel(5), channel(3), channel(1)};
}

Vec3 varied(Vec3 colour, double degrees, double saturation, double value) {
    const double most = std::max({colour.x, colour.y, colour.z});
    const double range = most - std::min({colour.x, colour.y, colour.z});
    double hue = 0;
    if (range > 0) {
        if (most == colour.x) {
            hue = 60 * (colour.y - colour.z) / range;
        } else if (most == colour.y) {
            hue = 120 + 60 * (colour.z - colour.x) / range;
        } else {
            hue = 240 + 60 * (colour.x - colour.y) / range;
        }
    }
    const double old_saturation = most > 0 ? range / most : 0;
    return from_hsv(hue + degrees, clamp01(old_saturation * saturation), clamp01(most * value));
}

}  // namespace draw
