// Chapter 15: L-BFGS against the tutorial's Adam, per evaluation and per second, from one start.
#include <cstdio>

#include "by_hand.hpp"
#include "nst/adam.hpp"
#include "nst/noise_image.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/optimizer_run.hpp"

using nst::Image, nst::Tensor3, course::text, course::watch;

namespace {

// Takes steps by hand from the start and leaves there what it has come to.
struct ByHand {
    Tensor3 x;
    nst::CostAndGradient here = {};
    std::vector<Tensor3> s = {}, y = {};

    template <class Cost, class Left>
    void operator()(const Cost& cost, const Left& left) {
        here = cost(x);
        while (left() && by_hand::lbfgs_step(cost, x, here, s, y)) continue;
    }
};

// Whether the library makes the same direction from the pairs that are remembered at the end.
bool same_direction(const ByHand& end) {
    nst::LbfgsHistory history;
    for (std::size_t k = 0; k < end.s.size(); ++k) history.remember(end.s[k], end.y[k]);
    return course::agree("direction", by_hand::direction(end.here.gradient, end.s, end.y),
                         history.direction(end.here.gradient));
}

// The costs after some evaluations; a ~ marks those that the rounding of a processor changes much.
void print(const course::OptimizerRun& run, const char* mark) {
    const auto& [name, seconds, costs] = run.per_second;
    const std::size_t n = costs.size() - 1;
    const auto at = [&y = costs, mark](std::size_t k) { return text("%s%.3g", mark, y[k]); };
    std::printf("  %-16s%11.3g%11s%11s%11s%10s\n", name.c_str(), costs[0], at(n / 4).c_str(),
                at(n / 2).c_str(), at(n).c_str(), text("~%.2f", seconds[n]).c_str());
    std::fflush(stdout);
}

// The curves, and below them the start and what each run has come to.
Image figure(const std::vector<course::OptimizerRun>& runs, const Image& start,
             const nst::Network& network) {
    std::vector<course::Curve> curves, in_time;
    std::vector<course::Panel> pictures = {{start, "the start"}};
    for (const course::OptimizerRun& run : runs) {
        curves.push_back(run.per_evaluation);
        in_time.push_back(run.per_second);
        pictures.push_back({nst::add_mean(run.best, network.mean), run.per_second.name});
    }
    const Image upper = course::line_plot(curves, {"", "evaluations", "J", false, true}, 260, 560);
    const Image lower = course::line_plot(in_time, {"", "seconds", "J", false, true}, 260, 560);
    return course::sheet({{upper, ""}, {lower, ""}, {course::sheet(pictures, 4), ""}}, 1);
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const Image photo = course::load_picture(arguments, arguments.content);
    nst::Objective J(network, photo, course::load_picture(arguments, arguments.style));
    const Tensor3 start = nst::noise_image(nst::subtract_mean(photo, network.mean), 0.6);
    const std::size_t n = arguments.smoke ? 8 : 200;
    std::printf("J after evaluation        %3d%11zu%11zu%11zu   seconds\n", 1, n / 4, n / 2, n);
    std::vector<course::OptimizerRun> runs;
    for (const double rate : {2, 10}) {
        runs.push_back(watch(text("Adam, rate %g", rate), J, n, [&](auto& cost, auto& left) {
            nst::Adam adam(nst::AdamOptions{rate});
            for (Tensor3 x = start; left();) adam.step(x, cost(x).gradient);
        }));
        print(runs.back(), "");
    }
    runs.push_back(watch("L-BFGS", J, n, [&](auto& cost, auto& left) {
        nst::Lbfgs lbfgs(cost, start);
        while (left() && lbfgs.step() == nst::LbfgsOutcome::moved) continue;
    }));
    print(runs.back(), "~");
    ByHand hand{start};
    print(watch("L-BFGS by hand", J, n, hand), "~");
    std::printf("\n");
    for (const std::size_t adam : {0U, 1U}) course::print_overtaking(runs.back(), runs[adam]);
    std::printf("\n");
    course::write_picture(arguments, "lbfgs.png",
                          figure(runs, nst::add_mean(start, network.mean), network));
    return same_direction(hand);
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"15_lbfgs", "Chapter 15: L-BFGS", "128", "32"}, show);
}
