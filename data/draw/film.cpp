#include "film.hpp"

#include "random.hpp"

namespace draw {
namespace {

// A box blur in a horizontal and a vertical pass, repeated three times: nearly a Gaussian.
Picture blurred(Picture picture, int radius) {
    for (int pass = 0; pass < 6; ++pass) {
        Picture next(picture.width, picture.height);
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                Vec3 sum;
                for (int k = -radius; k <= radius; ++k) {
                    const int i = pass % 2 == 0 ? std::clamp(x + k, 0, picture.width - 1) : x;
                    const int j = pass % 2 == 1 ? std::clamp(y + k, 0, picture.height - 1) : y;
                    sum = sum + picture.at(i, j);
                }
                next.at(x, y) = sum * (1.0 / (2 * radius + 1));
            }
        }
        picture = next;
    }
    return picture;
}

// The response of film: a toe and a soft shoulder, then the transfer curve of the display.
double response(double light) {
    const double v = light * 0.52;
    const double film = v * (2.51 * v + 0.03) / (v * (2.43 * v + 0.59) + 0.14);
    const double c = clamp01(film);
    return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
}

// Darker shadows and brighter highlights: how a printer would print this negative.
double contrast(double grey) {
    return mix(grey, grey * grey * (3 - 2 * grey), 0.45);
}

}  // namespace

void add_glare(Picture& light) {
    Picture bright(light.width, light.height);
    for (std::size_t i = 0; i < light.pixels.size(); ++i) {
        const Vec3 p = light.pixels[i];
        const double over = std::max(0.0, std::max({p.x, p.y, p.z}) - 2.2);
        bright.pixels[i] = Vec3{1.0, 0.93, 0.82} * over;
    }
    const Picture narrow = blurred(bright, 3);
    const Picture wide = blurred(bright, 18);
    for (std::size_t i = 0; i < light.pixels.size(); ++i) {
        light.pixels[i] = light.pixels[i] + narrow.pixels[i] * 0.25 + wide.pixels[i] * 0.14;
    }
}

Picture developed(const Picture& light) {
    Picture print(light.width, light.height);
    Random grain(7);
    for (int y = 0; y < light.height; ++y) {
        for (int x = 0; x < light.width; ++x) {
            const Vec2 from_middle{(x - 200) / 250.0, (y - 150) / 250.0};
            const Vec3 p = light.at(x, y) * (1 - 0.22 * dot(from_middle, from_middle));
            const Vec3 tone{response(p.x), response(p.y), response(p.z)};
            const double grey = 0.3 * tone.x + 0.59 * tone.y + 0.11 * tone.z;
            const double speck = 0.005 * grain.normal();
            const Vec3 rich = mix(Vec3{grey, grey, grey}, tone, 1.25);
            const double lift = contrast(grey) / std::max(1e-6, grey);
            print.at(x, y) = rich * lift + Vec3{speck, speck, speck};
        }
    }
    return print;
}

}  // namespace draw
