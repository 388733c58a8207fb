// What an exercise is checked with: functions, each with cases and with mistakes that are known.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nst/tensor.hpp"

namespace course {

/// A number or a tensor: something that a function takes or gives.
struct Value {
    std::string name;
    std::vector<std::size_t> shape;  ///< empty for a number
    std::vector<double> numbers;     ///< row-major

    template <class T>
    static Value of(const std::string& name, const T& thing) {
        Value value{name, {}, {}};
        if constexpr (std::is_arithmetic_v<T>) {
            value.numbers = {static_cast<double>(thing)};
        } else {
            value.take_shape(thing);
            for (const auto number : thing) value.numbers.push_back(static_cast<double>(number));
        }
        return value;
    }

  private:
    template <class T, std::size_t N>
    void take_shape(const xt::xtensor<T, N>& tensor) {
        shape.assign(tensor.shape().begin(), tensor.shape().end());
    }
    template <class T>
    void take_shape(const T& list) {
        shape = {list.size()};
    }
};

/// What a function gives: one value, or several that have names.
struct Result {
    std::vector<Value> values;

    template <class T>
    Result(const T& one) : values{Value::of("", one)} {}  // NOLINT: on purpose implicit
    Result(std::initializer_list<Value> several) : values(several) {}
};

/// One extent of the input, such as {"H", 4}.
struct Size {
    std::string name;
    double number;
};

/// One call of the student's function.
struct Case {
    std::string name;              ///< "one channel, 4x5x1"
    std::vector<Value> inputs;     ///< shown when the case fails
    std::function<Result()> call;  ///< calls the student's function
    Result expected;               ///< what by_hand gives
    std::vector<Result> suspects;  ///< what each of the known mistakes gives
    std::vector<bool> traits;      ///< which of the function's traits it has
    std::vector<Size> sizes = {};  ///< to name a wrong factor with
};

/// Something that some cases have and others have not, such as one channel.
struct Trait {
    std::string name;        ///< "one channel"
    std::string right_only;  ///< what to ask when exactly these cases are right
    std::string wrong_only;  ///< what to ask when exactly these are wrong
};

/// How a gradient check ended.
struct GradientCheck {
    bool passed;
    std::string words;
};

/// One function of an exercise. Its name is the one in the text of its "not written yet".
struct Function {
    std::string name;
    std::vector<Case> cases = {};
    std::vector<std::string> suspects = {};  ///< the known mistakes in words, a question each
    std::vector<Trait> traits = {};
    std::function<GradientCheck()> gradient = {};  ///< empty when there is none
};

/// The functions of a chapter's exercise, in the order of its exercise.hpp.
using Exercise = std::vector<Function>;

/// Collects the cases of a function that takes A... by value or by reference to const.
///
///     Trial<Tensor3> trial("gram_matrix", yours, by_hand, {"features"});
///     trial.suspect("is the sum divided by H W? Nothing is divided here", divided);
///     trial.on("one channel, 4x5x1", features);
template <class... A>
class Trial {
  public:
    using Call = std::function<Result(const A&...)>;

    Trial(std::string name, Call yours, Call right, std::vector<std::string> inputs)
        : function{std::move(name)},
          yours_(std::move(yours)),
          right_(std::move(right)),
          inputs_(std::move(inputs)) {}

    /// A mistake that others have made: its words are said when it gives what the student's gives.
    void suspect(const std::string& words, Call wrong) {
        function.suspects.push_back(words);
        suspects_.push_back(std::move(wrong));
    }

    void trait(const Trait& trait, std::function<bool(const A&...)> has) {
        function.traits.push_back(trait);
        traits_.push_back(std::move(has));
    }

    /// Names of the extents of the first input, for wrong factors of a function to a number.
    void sizes(std::vector<std::string> names) { sizes_ = std::move(names); }

    /// Adds a case. Suspects and traits are given before.
    void on(const std::string& name, const A&... a) {
        Case next{name, {}, {}, right_(a...), {}, {}};
        std::size_t k = 0;
        (next.inputs.push_back(Value::of(inputs_.at(k++), a)), ...);
        next.call = [yours = yours_, a...] { return yours(a...); };
        for (const Call& wrong : suspects_) next.suspects.push_back(wrong(a...));
        for (const auto& has : traits_) next.traits.push_back(has(a...));
        for (std::size_t s = 0; s < sizes_.size(); ++s) {
            next.sizes.push_back({sizes_[s], static_cast<double>(next.inputs[0].shape.at(s))});
        }
        function.cases.push_back(std::move(next));
    }

    Function function;

  private:
    Call yours_;
    Call right_;
    std::vector<std::string> inputs_;
    std::vector<Call> suspects_;
    std::vector<std::function<bool(const A&...)>> traits_;
    std::vector<std::string> sizes_;
};

/// Numbers between -2 and 2 in any order, none of them near 0; the same ones for the same seed.
std::vector<double> spread(std::size_t count, unsigned seed);

/// A tensor of such numbers.
template <class Tensor>
Tensor numbers(const typename Tensor::shape_type& shape, unsigned seed) {
    Tensor tensor = Tensor::from_shape(shape);
    const std::vector<double> values = spread(tensor.size(), seed);
    for (std::size_t k = 0; k < values.size(); ++k) {
        tensor.data()[k] = static_cast<typename Tensor::value_type>(values[k]);
    }
    return tensor;
}

/// How a function did.
enum class State { passed, wrong, not_written, threw };

/// What was found about a function.
struct Finding {
    std::string function;
    State state = State::passed;
    std::size_t passed = 0;               ///< cases
    std::vector<std::string> hints = {};  ///< what the mistake may be
};

/// Tries a function's cases and writes to the log, line by line and at once, what happens: a key,
/// a tab, and words in which a newline is \n. A case that crashes is the last one in the log.
Finding try_function(const Function& function, std::ostream& log);

/// Tries all functions of an exercise.
std::vector<Finding> try_exercise(const Exercise& exercise, std::ostream& log);

/// The program around a student's file: writes the log to the file named in its one argument.
/// @return 0 when everything passed, else 1
int check_main(int argc, char** argv, const Exercise& exercise);

}  // namespace course
