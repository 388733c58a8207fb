// iteration WIDTH HEIGHT ITERATIONS THREADS: runs the tutorial's iteration (forward, losses,
// backward, Adam) on VGG-19 at its real widths and prints the seconds per iteration, then the peak
// memory. compare_peers.py runs it.
#include "benchmark/peer.hpp"
#include "benchmark/random_network.hpp"
#include "nst/nst.hpp"

int main(int argc, char** argv) {
    const auto work = nst_benchmark::read_work(argc, argv);
    if (!work) return 2;
    const auto width = static_cast<std::size_t>(work->width);
    const auto height = static_cast<std::size_t>(work->height);
    nst::set_thread_count(work->threads);

    const nst::Network network = nst_benchmark::random_network();
    const nst::Image content = nst_benchmark::random_image(height, width, 1);
    const nst::Image style = nst_benchmark::random_image(height, width, 2);
    nst::Tensor3 input = nst::subtract_mean(content, network.mean);
    nst::Objective objective(network, content, style);
    nst::Adam adam;
    nst_benchmark::time_each(*work, [&] { adam.step(input, objective(input).gradient); });
}
