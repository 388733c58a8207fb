// opencv_forward WIDTH HEIGHT ITERATIONS THREADS: VGG-19 at its real widths up to relu5_1, forward
// only, by OpenCV's dnn module, which has no backward pass. Prints the seconds of each pass, then
// the peak memory. compare_peers.py runs it.
#include <chrono>
#include <iostream>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "benchmark/peer.hpp"
#include "benchmark/random_network.hpp"

namespace {

// Converts (kh, kw, C_in, C_out) to OpenCV's (C_out, C_in, kh, kw).
cv::Mat opencv_filters(const nst::Filters& w) {
    const auto [rows, columns, inputs, outputs] = w.shape();
    const std::array<int, 4> sizes = {static_cast<int>(outputs), static_cast<int>(inputs),
                                      static_cast<int>(rows), static_cast<int>(columns)};
    cv::Mat result(4, sizes.data(), CV_32F);
    auto* next = result.ptr<float>();
    for (std::size_t o = 0; o < outputs; ++o) {
        for (std::size_t c = 0; c < inputs; ++c) {
            for (std::size_t y = 0; y < rows; ++y) {
                for (std::size_t x = 0; x < columns; ++x) *next++ = w(y, x, c, o);
            }
        }
    }
    return result;
}

void add_layer(cv::dnn::Net& net, const nst::Layer& layer) {
    cv::dnn::LayerParams parameters;
    std::string type = "ReLU";
    if (layer.kind == nst::LayerKind::conv) {
        type = "Convolution";
        parameters.set("kernel_size", 3);
        parameters.set("pad", 1);
        parameters.set("num_output", static_cast<int>(layer.bias.size()));
        parameters.blobs = {opencv_filters(layer.filters),
                            cv::Mat::zeros(1, static_cast<int>(layer.bias.size()), CV_32F)};
    } else if (layer.kind == nst::LayerKind::pool) {
        type = "Pooling";
        parameters.set("pool", "ave");
        parameters.set("kernel_size", 2);
        parameters.set("stride", 2);
    }
    net.addLayerToPrev(layer.name, type, parameters);
}

}  // namespace

int main(int argc, char** argv) {
    const auto work = nst_benchmark::read_work(argc, argv);
    if (!work) return 2;
    cv::setNumThreads(work->threads);

    cv::dnn::Net net;
    for (const nst::Layer& layer : nst_benchmark::random_network().layers) add_layer(net, layer);
    const std::array<int, 4> sizes = {1, 3, work->height, work->width};
    cv::Mat image(4, sizes.data(), CV_32F);
    cv::randu(image, -115, 140);
    nst_benchmark::time_each(*work, [&] {
        net.setInput(image);
        net.forward("relu5_1");
    });
}
