// One gradient check, from the first call of the function to the report. Included by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nst/detail/places.hpp"
#include "nst/detail/probed_function.hpp"
#include "nst/detail/slopes.hpp"
#include "nst/error.hpp"
#include "nst/gradcheck.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double smallest_scale = 1e-8;  // of a relative error, so that a zero gradient can pass
constexpr double clear_bend = 0.01;      // slopes that differ by this share are looked at closely

struct Probe {
    Line line;
    double analytic = 0;
    double numeric = 0;
    bool kink = false;
};

inline void require_options(const GradcheckOptions& options) {
    const auto require = [](bool holds, const char* what, double got) {
        if (!holds) throw Error(join("check_gradient: options.", what, ", got ", got));
    };
    const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
    require(options.step == 0 || positive(options.step),
            "step must be positive and finite, or 0 to choose it", options.step);
    require(positive(options.tolerance), "tolerance must be positive and finite",
            options.tolerance);
    require(options.largest_kink_share >= 0 && options.largest_kink_share <= 1,
            "largest_kink_share must be in 0..1", options.largest_kink_share);
    require(options.sample_size > 0, "sample_size must be at least 1", 0);
    require(options.directions > 0, "directions must be at least 1", 0);
}

inline std::optional<std::size_t> first_not_finite(const Values& values) {
    const auto found = std::find_if_not(values.begin(), values.end(),
                                        [](double value) { return std::isfinite(value); });
    if (found == values.end()) return {};
    return static_cast<std::size_t>(found - values.begin());
}

inline GradcheckReport empty_report(const Flat& x, const GradcheckOptions& options) {
    GradcheckReport report;
    report.shape = x.shape;
    report.probes = options.probes;
    report.tolerance = options.tolerance;
    return report;
}

// Why x cannot be checked, before anybody's code is called.
inline std::optional<GradcheckReport> refuse_point(const Flat& x, const GradcheckOptions& options) {
    require_options(options);
    GradcheckReport report = empty_report(x, options);
    if (x.values.empty()) {
        report.outcome = GradcheckOutcome::nothing_to_check;
        report.failure = "x is empty, " + shape_text(x.shape) + ": there is nothing to check";
        return report;
    }
    if (const auto place = first_not_finite(x.values)) {
        report.outcome = GradcheckOutcome::not_finite;
        report.failure =
            "x is " + text(x.values[*place]) + " at " + place_text(unravel(*place, x.shape));
        return report;
    }
    return {};
}

class Check {
  public:
    Check(const ProbedFunction& function, const GradcheckOptions& options)
        : function_(function),
          options_(options),
          differences_(function, options),
          report_(empty_report(function.at, options)) {}

    void run() {
        if (!evaluate()) return;
        prepare_comparison();
        choose_probes();
        for (Probe& probe : probes_) {
            if (!measure(probe)) return;
        }
        judge();
        if (report_.outcome == GradcheckOutcome::wrong) explain();
    }

    GradcheckReport& report() { return report_; }
    const Comparison& comparison() const { return comparison_; }  // of a wrong gradient

  private:
    bool fail(GradcheckOutcome outcome, const std::string& words) {
        report_.outcome = outcome;
        report_.failure = words;
        return false;
    }

    // Output and gradient at x, twice.
    bool evaluate() {
        const Values& x = function_.at.values;
        const Values output = function_.output(x);
        if (const auto words = function_.unusable(output)) {
            return fail(GradcheckOutcome::not_finite, *words + " at x");
        }
        if (!take_gradient(analytic_)) return false;
        const Values second = function_.output(x);
        if (const auto words = function_.unusable(second)) {
            return fail(GradcheckOutcome::not_deterministic,
                        *words + " when called again with the same x");
        }
        const Gap gap = function_.gap(second, output);
        if (std::abs(gap.value) > rounding * gap.size) {
            return fail(GradcheckOutcome::not_deterministic,
                        "the function gave two results for the same x, " + text(gap.value) +
                            " apart: does it draw random numbers or keep a state?");
        }
        differences_.set_output(output);
        largest_ = largest(analytic_);
        Values again;
        return take_gradient(again) && same_gradient(again);
    }

    bool take_gradient(Values& values) {
        const Flat gradient = function_.gradient(function_.at.values);
        const Diagnosis shape = diagnose_shape(gradient.shape, report_.shape);
        if (shape.pattern != MistakePattern::none) {
            report_.diagnosis = shape;
            return fail(GradcheckOutcome::wrong_shape, shape.words);
        }
        values = gradient.values;
        const auto place = first_not_finite(values);
        if (!place) return true;
        return fail(GradcheckOutcome::not_finite, "the gradient is " + text(values[*place]) +
                                                      " at " +
                                                      place_text(unravel(*place, report_.shape)));
    }

    bool same_gradient(const Values& again) {
        const double allowed = rounding * largest_;
        bool same = true;
        bool twice = true;
        for (std::size_t k = 0; k < again.size(); ++k) {
            same = same && std::abs(again[k] - analytic_[k]) <= allowed;
            twice = twice && std::abs(again[k] - 2 * analytic_[k]) <= 2 * allowed;
        }
        if (same) return true;
        return fail(GradcheckOutcome::not_deterministic,
                    twice ? "the second call gave twice the gradient of the first: is it added to "
                            "a buffer that is never cleared?"
                          : "the gradient came out differently the second time for the same x");
    }

    bool along_directions() const { return options_.probes == GradientProbes::random_directions; }

    void choose_probes() {
        Random random(options_.seed);
        if (along_directions()) {
            probes_.resize(options_.directions);
            for (Probe& probe : probes_) {
                probe.line.direction = random.weights(analytic_.size());
                probe.analytic = along(probe, analytic_);
            }
            return;
        }
        const bool all = options_.probes == GradientProbes::every_component;
        const std::size_t count = all ? analytic_.size() : options_.sample_size;
        for (const std::size_t place : random.sample(analytic_.size(), count)) {
            probes_.push_back({{place, {}}, analytic_[place], 0, false});
        }
    }

    static double along(const Probe& probe, const Values& gradient) {
        return std::inner_product(gradient.begin(), gradient.end(), probe.line.direction.begin(),
                                  0.0);
    }

    // What errors of this probe are divided by.
    double scale(const Probe& probe) const {
        if (!along_directions()) return std::max(smallest_scale, largest_);
        double squares = 0;
        for (std::size_t k = 0; k < analytic_.size(); ++k) {
            const double term = analytic_[k] * probe.line.direction[k];
            squares += term * term;
        }
        return std::max(smallest_scale, std::sqrt(squares));
    }

    double relative_error(const Probe& probe) const {
        return std::abs(probe.analytic - probe.numeric) / scale(probe);
    }

    // Finds the numeric derivative, and looks closer where it disagrees or the function bends.
    bool measure(Probe& probe) {
        const Derivative found = differences_.derivative(probe.line);
        probe.numeric = found.value;
        if (relative_error(probe) > options_.tolerance ||
            std::abs(found.widest.bend) > clear_bend * scale(probe)) {
            probe.kink = differences_.crosses_kink(probe.line, found.widest);
        }
        return differences_.failure().empty() ||
               fail(GradcheckOutcome::not_finite, differences_.failure());
    }

    void judge() {
        for (const Probe& probe : probes_) {
            if (probe.kink) {
                if (report_.kinks++ == 0) report_.first_kink = place_of(probe);
                continue;
            }
            const double error = relative_error(probe);
            if (error > options_.tolerance) ++report_.wrong;
            if (report_.compared++ == 0 || error > report_.relative_error) keep_worst(probe, error);
        }
        const double share =
            static_cast<double>(report_.kinks) / static_cast<double>(probes_.size());
        if (report_.wrong > 0) {
            report_.outcome = GradcheckOutcome::wrong;
        } else if (report_.compared == 0 || share > options_.largest_kink_share) {
            fail(GradcheckOutcome::too_many_kinks,
                 join(report_.kinks, " of ", probes_.size(), " probes cross a kink: move x away ",
                      "from ties and zeros, or take a smaller step; is the function noisy?"));
        }
    }

    std::vector<std::size_t> place_of(const Probe& probe) const {
        if (along_directions()) return {};
        return unravel(probe.line.place, report_.shape);
    }

    void keep_worst(const Probe& probe, double error) {
        worst_ = &probe;
        report_.worst_index = place_of(probe);
        report_.analytic = probe.analytic;
        report_.numeric = probe.numeric;
        report_.relative_error = error;
    }

    void explain() {
        fill_comparison();
        report_.diagnosis = diagnose_differences();
        if (report_.diagnosis.pattern == MistakePattern::none) {
            report_.diagnosis = diagnose(comparison_);
        }
        if (report_.diagnosis.pattern == MistakePattern::none) {
            report_.diagnosis = {MistakePattern::unknown, 1,
                                 "the error is just above the tolerance"};
        }
    }

    // Sizes that do not fit are an error whether the gradient is right or wrong.
    void prepare_comparison() {
        comparison_.shape = report_.shape;
        comparison_.got = analytic_;
        comparison_.tolerance = options_.tolerance;
        comparison_.axes = options_.axes;
        comparison_.suspects = options_.suspects;
        comparison_.parts = options_.parts;
        diagnosis_detail::require_sizes(comparison_);
    }

    void fill_comparison() {
        for (std::size_t p = 0; p < probes_.size(); ++p) {
            if (probes_[p].kink) continue;
            comparison_.known.push_back(along_directions() ? p : probes_[p].line.place);
            comparison_.expected.push_back(probes_[p].numeric);
        }
        if (!along_directions()) return;
        comparison_.shape.clear();
        comparison_.axes.clear();
        const auto project = [&](Values& gradient) {
            Values projected;
            for (const Probe& probe : probes_) projected.push_back(along(probe, gradient));
            gradient = projected;
        };
        project(comparison_.got);
        for (NamedValues& suspect : comparison_.suspects) project(suspect.values);
        for (NamedValues& part : comparison_.parts) project(part.values);
    }

    // Whether the numeric derivative changes with the step by as much as it disagrees.
    Diagnosis diagnose_differences() {
        const double half = differences_.derivative(worst_->line, 2).value;
        const double quarter = differences_.derivative(worst_->line, 4).value;
        const double change =
            std::max(std::abs(half - worst_->numeric), std::abs(quarter - worst_->numeric));
        if (change < std::abs(worst_->analytic - worst_->numeric) / 2) return {};
        return {MistakePattern::unsteady, 1,
                "differences cannot tell: the numeric value becomes " + text(half) +
                    " with half the step. Is the function computed in float, noisy, or bent too "
                    "much for this step?"};
    }

    const ProbedFunction& function_;
    const GradcheckOptions& options_;
    Differences differences_;
    GradcheckReport report_;
    Comparison comparison_;
    Values analytic_;
    double largest_ = 0;  // of the analytic values
    std::vector<Probe> probes_;
    const Probe* worst_ = nullptr;
};

}  // namespace gradcheck_detail
}  // namespace nst
