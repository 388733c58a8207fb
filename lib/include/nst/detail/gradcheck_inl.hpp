// The definitions for gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nst/detail/gradcheck_run.hpp"
#include "nst/detail/operation_mistakes.hpp"
#include "nst/detail/places.hpp"
#include "nst/detail/probed_function.hpp"
#include "nst/gradcheck.hpp"

namespace nst {
namespace gradcheck_detail {

template <class Expression>
using Evaluated = std::decay_t<decltype(xt::eval(std::declval<Expression>()))>;

template <class Tensor>
constexpr void require_double() {
    static_assert(std::is_same_v<typename Tensor::value_type, double>,
                  "gradients are checked in double: float has too few digits for differences");
}

// A tensor whose values can be replaced: the adapter between plain lists of values and the user's
// tensor types.
template <class Tensor>
class Refilled {
  public:
    explicit Refilled(const Tensor& tensor) : tensor_(tensor) {}

    const Tensor& operator()(const Values& values) {
        std::copy(values.begin(), values.end(),
                  tensor_.template begin<xt::layout_type::row_major>());
        return tensor_;
    }

  private:
    Tensor tensor_;
};

template <class Number>
double as_number(const Number& number) {
    if constexpr (std::is_convertible_v<Number, double>) {
        return static_cast<double>(number);
    } else {
        return static_cast<double>(number());  // xtensor's sum(...) and the like
    }
}

inline std::string probe_noun(const GradcheckReport& report, std::size_t count) {
    if (report.probes == GradientProbes::random_directions) {
        return count == 1 ? "random direction" : "random directions";
    }
    const std::string sampled = report.probes == GradientProbes::random_sample ? "sampled " : "";
    return sampled + (count == 1 ? "component" : "components");
}

inline std::string kink_words(const GradcheckReport& report) {
    if (report.kinks == 0) return {};
    const std::string where =
        report.first_kink.empty() ? "" : ", the first at " + place_text(report.first_kink);
    return join("; ", report.kinks, " left out at kinks", where);
}

inline std::string share_words(const GradcheckReport& report, std::size_t part) {
    return join(part, " of ", report.compared, " ", probe_noun(report, report.compared));
}

inline std::string worst_words(const GradcheckReport& report) {
    const std::string place =
        report.worst_index.empty() ? "" : " at " + place_text(report.worst_index);
    return place + ": analytic " + text(report.analytic) + ", numeric " + text(report.numeric);
}

inline std::string right_words(const GradcheckReport& report) {
    const std::string right = "the gradient is right: ";
    const std::size_t agreeing = report.compared - report.too_small;
    if (report.compared > 0 && agreeing == 0) {
        return right + share_words(report, report.compared) +
               " are zero, and so are the differences" + kink_words(report);
    }
    const std::string place =
        report.worst_index.empty() ? "" : " at " + place_text(report.worst_index);
    const std::string noise = report.precision > report.tolerance
                                  ? "; the differences are known to " + text(report.precision)
                                  : "";
    const std::string small =
        report.too_small > 0 ? join("; ", report.too_small, " zero or too small to be judged") : "";
    return right + share_words(report, agreeing) + " agree, relative error at most " +
           text(report.relative_error) + place + noise + small + kink_words(report);
}

inline std::string wrong_words(const GradcheckReport& report) {
    // A component is judged by its own size, a direction by the terms that may cancel in it.
    const double own = std::max(std::abs(report.analytic), std::abs(report.numeric));
    const double error = report.probes == GradientProbes::random_directions
                             ? report.relative_error
                             : std::abs(report.analytic - report.numeric) / own;
    return "the gradient is WRONG in " + share_words(report, report.wrong) + ", most" +
           worst_words(report) + ", relative error " + text(error) + ", tolerance " +
           text(report.tolerance) + kink_words(report) + "\n" + report.diagnosis.words;
}

inline std::string inconclusive_words(const GradcheckReport& report) {
    return "the check is INCONCLUSIVE: " + share_words(report, report.unclear + report.too_small) +
           " cannot be judged, most" + worst_words(report) + ", which may be off by " +
           text(report.numeric_error) + kink_words(report) + "\n" + report.diagnosis.words;
}

inline GradcheckReport run_check(const ProbedFunction& function, const GradcheckOptions& options) {
    if (const auto refusal = refuse_point(function.at, options)) return *refusal;
    Check check(function, options);
    check.run();
    return check.report();
}

inline GradcheckReport run_check(const ProbedFunction& function, const Operation& operation,
                                 const GradcheckOptions& options) {
    Check check(function, options);
    check.run();
    const bool explain = check.report().outcome == GradcheckOutcome::wrong &&
                         options.probes != GradientProbes::random_directions &&
                         is_vague(check.report().diagnosis.pattern) &&
                         diagnose(check.comparison()).pattern != MistakePattern::none;
    if (explain) {
        const auto found = explain_operation(operation, check.comparison());
        if (found) check.report().diagnosis = *found;
    }
    return check.report();
}

}  // namespace gradcheck_detail

template <class Function, class Gradient, class Tensor>
GradcheckReport check_gradient(const Function& function, const Gradient& gradient, const Tensor& at,
                               const GradcheckOptions& options) {
    using namespace gradcheck_detail;
    using X = Evaluated<const Tensor&>;
    require_double<X>();
    Refilled<X> x(at);
    ProbedFunction probed;
    probed.at = flat(at);
    probed.output = [&](const Values& values) { return Values{as_number(function(x(values)))}; };
    probed.gradient = [&](const Values& values) { return flat(gradient(x(values))); };
    probed.weights = {1};
    probed.noun = "the function";
    return run_check(probed, options);
}

template <class Evaluate, class Tensor>
GradcheckReport check_value_and_gradient(const Evaluate& evaluate, const Tensor& at,
                                         const GradcheckOptions& options) {
    using X = gradcheck_detail::Evaluated<const Tensor&>;
    const auto value = [&](const X& x) {
        const auto [number, tensor] = evaluate(x);
        static_cast<void>(tensor);
        return gradcheck_detail::as_number(number);
    };
    const auto gradient = [&](const X& x) {
        const auto [number, tensor] = evaluate(x);
        static_cast<void>(number);
        return gradcheck_detail::Evaluated<decltype(tensor)>(tensor);
    };
    return check_gradient(value, gradient, at, options);
}

template <class Tensor>
auto upstream_gradient(const Tensor& y, std::uint64_t seed) {
    using namespace gradcheck_detail;
    Refilled<Evaluated<const Tensor&>> dy(y);
    return Evaluated<const Tensor&>(dy(Random(seed).weights(y.size())));
}

template <class Forward, class Backward, class Tensor>
GradcheckReport check_backward(const Forward& forward, const Backward& backward, const Tensor& at,
                               const GradcheckOptions& options) {
    using namespace gradcheck_detail;
    using X = Evaluated<const Tensor&>;
    using Y = Evaluated<decltype(forward(std::declval<const X&>()))>;
    require_double<X>();
    require_double<Y>();
    if (const auto refusal = refuse_point(flat(at), options)) return *refusal;
    Refilled<X> x(at);
    Operation operation;
    operation.x = flat(at);
    const Y upstream = upstream_gradient(forward(x(operation.x.values)), options.seed);
    operation.dy = flat(upstream);
    Refilled<Y> dy(upstream);
    operation.forward = [&](const Values& values) { return flat(forward(x(values))); };
    operation.backward = [&](const Values& dy_values, const Values& values) {
        return flat(backward(dy(dy_values), x(values)));
    };
    ProbedFunction probed;
    probed.at = operation.x;
    probed.output = [&](const Values& values) { return operation.forward(values).values; };
    probed.gradient = [&](const Values& values) {
        return operation.backward(operation.dy.values, values);
    };
    probed.weights = operation.dy.values;
    probed.noun = "a value of the operation";
    return run_check(probed, operation, options);
}

inline std::string describe(const GradcheckReport& report) {
    using namespace gradcheck_detail;
    if (!report.failure.empty()) return "the gradient could not be checked: " + report.failure;
    if (report.passed()) return right_words(report);
    if (report.outcome == GradcheckOutcome::inconclusive) return inconclusive_words(report);
    return wrong_words(report);
}

inline std::ostream& operator<<(std::ostream& stream, const GradcheckReport& report) {
    return stream << describe(report);
}

}  // namespace nst
