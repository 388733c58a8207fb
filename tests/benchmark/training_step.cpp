// training_step WIDTH HEIGHT ITERATIONS THREADS: runs one step of training (a batch forward and
// backward, AdamW) on a StackedBatch of crops of WIDTH x WIDTH pixels, HEIGHT pixels in all, and
// prints the seconds per step, then the peak memory. compare_peers.py --training runs it.
#include "benchmark/peer.hpp"
#include "benchmark/random_network.hpp"
#include "nst/nst.hpp"

int main(int argc, char** argv) {
    const auto work = nst_benchmark::read_work(argc, argv);
    if (!work) return 2;
    const auto side = static_cast<std::size_t>(work->width);
    const std::size_t count = static_cast<std::size_t>(work->height) / side;
    nst::set_thread_count(work->threads);

    nst::ClassifierOptions options;
    options.classes = 480;
    nst::Classifier classifier = nst::make_classifier(options);
    std::vector<nst::Image> crops;
    std::vector<std::size_t> labels;
    for (std::size_t n = 0; n < count; ++n) {
        crops.push_back(nst_benchmark::random_image(side, side, static_cast<unsigned>(n)));
        labels.push_back(n);
    }
    nst::ClassifierObjective objective(classifier, count, side);
    nst::AdamWState state;
    nst_benchmark::time_each(*work, [&] {
        objective(classifier, crops, labels, 0.05);
        nst::adamw_step(nst::parameters(classifier, objective.gradient()), state, 2e-3);
    });
}
