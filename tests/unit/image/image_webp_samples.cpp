#include "image_webp_samples.hpp"

#include <webp/encode.h>

#include <stdexcept>

namespace nst_test {

namespace {

void append_little(Bytes& bytes, std::size_t number, int count) {
    for (int k = 0; k < count; ++k) bytes.push_back(static_cast<unsigned char>(number >> 8 * k));
}

}  // namespace

Bytes joined(const Bytes& first, const Bytes& second) {
    Bytes both = first;
    both.insert(both.end(), second.begin(), second.end());
    return both;
}

Bytes make_webp(const WebpSpec& spec, const Bytes& rgba) {
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    if (WebPConfigInit(&config) == 0 || WebPPictureInit(&picture) == 0) {
        throw std::runtime_error("libwebp of another version");
    }
    WebPMemoryWriterInit(&writer);
    config.lossless = spec.lossless ? 1 : 0;
    config.exact = 1;  // keep the colours of transparent pixels
    config.quality = spec.quality;
    picture.use_argb = 1;
    picture.width = spec.width;
    picture.height = spec.height;
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    WebPPictureImportRGBA(&picture, rgba.data(), 4 * spec.width);
    const bool done = WebPEncode(&config, &picture) != 0;
    Bytes bytes(writer.mem, writer.mem + writer.size);
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
    if (!done) throw std::runtime_error("libwebp does not encode");
    return bytes;
}

Bytes riff_chunk(const std::string& name, const Bytes& body) {
    Bytes chunk(name.begin(), name.end());
    append_little(chunk, body.size(), 4);
    chunk.insert(chunk.end(), body.begin(), body.end());
    if (body.size() % 2 != 0) chunk.push_back(0);
    return chunk;
}

Bytes riff_file(const Bytes& chunks) {
    const std::string kind = "WEBP";
    return riff_chunk("RIFF", joined(Bytes(kind.begin(), kind.end()), chunks));
}

Bytes webp_chunks(const Bytes& webp) {
    return Bytes(webp.begin() + 12, webp.end());
}

Bytes webp_features(int width, int height, unsigned flags) {
    Bytes body = {static_cast<unsigned char>(flags), 0, 0, 0};
    append_little(body, static_cast<std::size_t>(width - 1), 3);
    append_little(body, static_cast<std::size_t>(height - 1), 3);
    return riff_chunk("VP8X", body);
}

Bytes webp_frame(int x, int y, const WebpSpec& spec, const Bytes& chunks) {
    Bytes body;
    for (const int number : {x / 2, y / 2, spec.width - 1, spec.height - 1, 100}) {
        append_little(body, static_cast<std::size_t>(number), 3);
    }
    body.push_back(0);
    return riff_chunk("ANMF", joined(body, chunks));
}

Bytes smooth_rgba(std::size_t width, std::size_t height, unsigned alpha_bound) {
    const Bytes rgb = smooth_rgb(width, height);
    const std::vector<unsigned> alpha = noise(width * height, alpha_bound);
    Bytes rgba;
    for (std::size_t p = 0; p < width * height; ++p) {
        rgba.insert(rgba.end(), &rgb[3 * p], &rgb[3 * p] + 3);
        rgba.push_back(static_cast<unsigned char>(255 - alpha[p]));
    }
    return rgba;
}

}  // namespace nst_test
