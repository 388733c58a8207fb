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
#include "nst/detail/verdicts.hpp"
#include "nst/error.hpp"
#include "nst/gradcheck.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double smallest_scale = 1e-8;  // the 1e-8 in GradcheckReport::relative_error
constexpr double clear_bend = 0.01;      // slopes that differ by this fraction are examined closely

struct Probe {
    Line line;
    double analytic = 0;
    double numeric = 0;
    bool kink = false;
    Verdict verdict = Verdict::right;
    Estimate estimate;  // the derivative it was judged by
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

// Reports why x cannot be checked, before any user code is called.
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
        if (count(Verdict::right) + count(Verdict::wrong) == 0) accept_constants();
        sum_up();
        if (report_.outcome == GradcheckOutcome::wrong) explain();
        if (report_.outcome == GradcheckOutcome::inconclusive) explain_uncertainty();
    }

    GradcheckReport& report() { return report_; }
    const Comparison& comparison() const { return comparison_; }  // for a wrong gradient

  private:
    bool fail(GradcheckOutcome outcome, const std::string& words) {
        report_.outcome = outcome;
        report_.failure = words;
        return false;
    }

    // Computes output and gradient at x, twice.
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
        output_ = output;
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
            Probe probe;
            probe.line.place = place;
            probe.analytic = analytic_[place];
            probes_.push_back(probe);
        }
    }

    static double along(const Probe& probe, const Values& gradient) {
        return std::inner_product(gradient.begin(), gradient.end(), probe.line.direction.begin(),
                                  0.0);
    }

    // Returns the largest term of the probe's derivative. Along a direction single terms may
    // cancel.
    double largest_of(const Probe& probe) const {
        if (!along_directions()) return largest_;
        double squares = 0;
        for (std::size_t k = 0; k < analytic_.size(); ++k) {
            const double term = analytic_[k] * probe.line.direction[k];
            squares += term * term;
        }
        return std::sqrt(squares);
    }

    double relative_error(const Probe& probe) const {
        return std::abs(probe.analytic - probe.numeric) /
               std::max(smallest_scale, largest_of(probe));
    }

    Claim claim_of(const Probe& probe) const {
        const double largest = largest_of(probe);
        return {probe.analytic, along_directions() ? largest : 0, largest, options_.tolerance};
    }

    // Computes the numeric derivative, and looks closer where it disagrees, is noisy or bends.
    bool measure(Probe& probe) {
        const Derivative found = differences_.derivative(probe.line);
        if (!is_usable()) return false;
        probe.numeric = found.value;
        probe.estimate = {found.value, found.widest.rounding, found.widest.rounding, 0};
        const Claim claim = claim_of(probe);
        const double size = claim.size_with(found.value);
        const double allowed = options_.tolerance * size;
        const bool agrees = std::abs(probe.analytic - found.value) <= allowed &&
                            found.widest.rounding <= allowed && size > 0;
        if (!agrees || std::abs(found.widest.bend) > clear_bend * size) {
            probe.kink = differences_.crosses_kink(probe.line, found.widest);
        }
        if (!is_usable()) return false;
        if (!agrees && !probe.kink) look_closer(probe, claim);
        return true;
    }

    bool is_usable() {
        return differences_.failure().empty() ||
               fail(GradcheckOutcome::not_finite, differences_.failure());
    }

    // Measures with other step sizes. A step that the caller gave still decides.
    void look_closer(Probe& probe, const Claim& claim) {
        const bool fixed = options_.step > 0;
        const double enough = 0.1 * options_.tolerance;
        const std::vector<Estimate> estimates =
            climb(differences_, probe.line, fixed, [&](const std::vector<Estimate>& known) {
                const Estimate best = best_of(known);
                return best.value != 0 && claim.fits(best) && claim.is_known(best, enough);
            });
        Estimate best = best_of(estimates);
        if (fixed) {
            best.error += std::abs(best.value - probe.numeric);
            best.value = probe.numeric;
        }
        if (std::isfinite(best.error)) probe.numeric = best.value;
        probe.verdict = judge(claim, best);
        if (probe.verdict == Verdict::wrong) {
            if (const auto other = veto_of(claim, best, estimates)) {
                probe.verdict = Verdict::unclear;
                best.error = std::abs(other->value - best.value);
            }
        }
        probe.estimate = best;
    }

    std::size_t count(Verdict verdict) const {
        return static_cast<std::size_t>(std::count_if(
            probes_.begin(), probes_.end(),
            [&](const Probe& probe) { return !probe.kink && probe.verdict == verdict; }));
    }

    // If nothing rises above the noise, the function may be a constant, such as the sum of a
    // softmax, and then 0 is right. A constant stays the same however far x moves.
    void accept_constants() {
        if (largest_ > 0) return;
        for (Probe& probe : probes_) {
            if (probe.kink || !differences_.is_constant(probe.line)) continue;
            probe.verdict = Verdict::right;
            probe.numeric = 0;
            probe.estimate = {0, 0, 0, 0};
        }
    }

    void sum_up() {
        report_.wrong = count(Verdict::wrong);
        report_.too_small = count(Verdict::too_small);
        report_.unclear = count(Verdict::unclear);
        const std::size_t right = count(Verdict::right);
        report_.compared = right + report_.wrong + report_.too_small + report_.unclear;
        report_.kinks = probes_.size() - report_.compared;
        choose_outcome(right);
        for (const Probe& probe : probes_) {
            if (probe.kink) {
                if (report_.first_kink.empty()) report_.first_kink = place_of(probe);
                continue;
            }
            if (probe.verdict == Verdict::right) keep_precision(probe);
            if (!tells(probe)) continue;
            const double error = relative_error(probe);
            if (worst_ == nullptr || error > report_.relative_error) keep_worst(probe, error);
        }
    }

    void choose_outcome(std::size_t right) {
        const double share =
            static_cast<double>(report_.kinks) / static_cast<double>(probes_.size());
        if (report_.wrong > 0) {
            report_.outcome = GradcheckOutcome::wrong;
        } else if (report_.compared == 0 || share > options_.largest_kink_share) {
            fail(GradcheckOutcome::too_many_kinks,
                 join(report_.kinks, " of ", probes_.size(), " probes cross a kink: move x away ",
                      "from ties and zeros, or take a smaller step; is the function noisy?"));
        } else if (report_.unclear > 0 || (right == 0 && claims_something())) {
            report_.outcome = GradcheckOutcome::inconclusive;
        }
    }

    // Whether the gradient is nonzero where it was compared.
    bool claims_something() const {
        return std::any_of(probes_.begin(), probes_.end(),
                           [](const Probe& probe) { return !probe.kink && probe.analytic != 0; });
    }

    // Whether this probe contributes to the outcome.
    bool tells(const Probe& probe) const {
        if (report_.wrong > 0) return probe.verdict == Verdict::wrong;
        return report_.unclear == 0 || probe.verdict == Verdict::unclear;
    }

    void keep_precision(const Probe& probe) {
        const double size = claim_of(probe).size_with(probe.numeric);
        if (size == 0 || probe.estimate.error <= options_.tolerance * std::abs(probe.estimate.bend))
            return;
        report_.precision = std::max(report_.precision, probe.estimate.error / size);
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
        report_.numeric_error = probe.estimate.error;
        report_.relative_error = error;
    }

    void explain() {
        fill_comparison();
        report_.diagnosis = diagnose(comparison_);
        if (report_.diagnosis.pattern != MistakePattern::none) return;
        // The diagnosis measures relative to the largest component, and all wrong components are
        // small.
        report_.diagnosis = along_directions() ? Diagnosis{} : diagnose(only_wrong());
        if (report_.diagnosis.pattern == MistakePattern::none) {
            report_.diagnosis = {MistakePattern::unknown, 1,
                                 "the error is just above the tolerance"};
        }
    }

    // Mismatched sizes are an error whether the gradient is right or wrong.
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
            if (probes_[p].kink || probes_[p].verdict == Verdict::unclear) continue;
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

    // Returns the wrong components alone, as values without places.
    Comparison only_wrong() const {
        std::vector<std::size_t> places;
        Comparison part;
        part.tolerance = options_.tolerance;
        for (const Probe& probe : probes_) {
            if (probe.kink || probe.verdict != Verdict::wrong) continue;
            part.known.push_back(places.size());
            places.push_back(probe.line.place);
            part.expected.push_back(probe.numeric);
        }
        const auto chosen = [&](const Values& all) {
            Values some;
            for (const std::size_t place : places) some.push_back(all[place]);
            return some;
        };
        part.got = chosen(analytic_);
        for (const NamedValues& suspect : options_.suspects) {
            part.suspects.push_back({suspect.name, chosen(suspect.values)});
        }
        for (const NamedValues& one : options_.parts) {
            part.parts.push_back({one.name, chosen(one.values)});
        }
        return part;
    }

    // Explains why differences cannot decide, and what would help.
    void explain_uncertainty() {
        const bool rounded = worst_->estimate.error <= clearly * worst_->estimate.floor;
        const std::string reason =
            rounded ? "rounding of values of " + text(function_.size(output_)) +
                          " hides this derivative"
                    : "the numeric value becomes " +
                          text(differences_.derivative(worst_->line, 2).value) +
                          " with half the step. Is the function computed in float, noisy, or bent "
                          "too much for this step?";
        const std::string step = std::string(rounded ? "larger" : "different") + " step";
        const std::string change =
            options_.step > 0 ? ", take a " + step + " or 0 to choose it" : ", give a " + step;
        const bool two = options_.scheme == DifferenceScheme::two_point;
        report_.diagnosis = {MistakePattern::unsteady, 1,
                             "differences cannot tell: " + reason + (rounded ? ". " : " ") +
                                 "What helps: subtract a constant from the value" + change +
                                 (two ? ", or use four points" : "")};
    }

    const ProbedFunction& function_;
    const GradcheckOptions& options_;
    Differences differences_;
    GradcheckReport report_;
    Comparison comparison_;
    Values output_;  // at x
    Values analytic_;
    double largest_ = 0;  // of the analytic values
    std::vector<Probe> probes_;
    const Probe* worst_ = nullptr;
};

}  // namespace gradcheck_detail
}  // namespace nst
