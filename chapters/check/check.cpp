#include "check/check.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <new>
#include <ostream>
#include <random>
#include <sstream>

#include "check/hints.hpp"
#include "openblas_core.hpp"

namespace course {

namespace {

// ---- words ----

std::string text(double number) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.10g", number);
    return buffer;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
    std::string words;
    for (const std::size_t extent : shape) {
        words += (words.empty() ? "" : "x") + std::to_string(extent);
    }
    return words;
}

// "2x2x1: 1 2 3 4", or the first and the number of the rest.
std::string describe(const Value& value) {
    constexpr std::size_t most = 12;
    if (value.shape.empty()) return text(value.numbers.at(0));
    std::string words = shape_text(value.shape) + ":";
    for (std::size_t k = 0; k < std::min(most, value.numbers.size()); ++k) {
        words += " " + text(value.numbers[k]);
    }
    if (value.numbers.size() <= most) return words;
    return words + " ... (" + std::to_string(value.numbers.size() - most) + " more)";
}

std::string place_text(std::size_t k, const std::vector<std::size_t>& shape) {
    std::string words;
    for (std::size_t a = shape.size(); a-- > 0; k /= shape[a]) {
        words = std::to_string(k % shape[a]) + (words.empty() ? "" : ", ") + words;
    }
    return "(" + words + ")";
}

// xtensor puts its own file and line before the words.
std::string without_place(const std::string& words) {
    const std::size_t tab = words.rfind('\t');
    return tab == std::string::npos || tab + 1 == words.size() ? words : words.substr(tab + 1);
}

void write(std::ostream& log, const std::string& key, const std::string& words) {
    log << key << '\t';
    for (const char c : words) {
        if (c == '\\')
            log << "\\\\";
        else if (c == '\n')
            log << "\\n";
        else
            log << c;
    }
    log << std::endl;  // at once: the next call may crash
}

// ---- one case ----

void write_inputs(std::ostream& log, const Case& tried) {
    for (const Value& input : tried.inputs) {
        write(log, "input", input.name + "\t" + describe(input));
    }
}

// Small values as they are; of large ones the first number that differs.
void write_difference(std::ostream& log, const Value& got, const Value& expected) {
    constexpr std::size_t small = 12;
    const std::string name = expected.name.empty() ? "" : expected.name + " = ";
    if (got.shape != expected.shape || expected.numbers.size() <= small) {
        write(log, "expected", name + describe(expected));
        write(log, "got", name + describe(got));
        return;
    }
    std::size_t first = got.numbers.size();
    std::size_t count = 0;
    for (std::size_t k = got.numbers.size(); k-- > 0;) {
        const Value one{"", {}, {got.numbers[k]}};
        if (agree(one, Value{"", {}, {expected.numbers[k]}})) continue;
        first = k;
        ++count;
    }
    if (count == 0) first = 0;
    const std::string place = " at " + place_text(first, got.shape);
    write(log, "expected", name + text(expected.numbers[first]) + place);
    write(log, "got",
          name + text(got.numbers[first]) + place + "; " + std::to_string(count) + " of " +
              std::to_string(got.numbers.size()) + " numbers differ");
}

void write_failure(std::ostream& log, const Case& tried, const Result& got) {
    write_inputs(log, tried);
    for (std::size_t v = 0; v < tried.expected.values.size() && v < got.values.size(); ++v) {
        if (agree(got.values[v], tried.expected.values[v])) continue;
        write_difference(log, got.values[v], tried.expected.values[v]);
        return;
    }
}

// What a call came to: an answer, or words of what it threw.
struct Attempt {
    Answer answer{std::nullopt, false};
    std::string thrown;
    bool not_written = false;
};

Attempt attempt(const Case& tried) {
    Attempt made;
    try {
        made.answer.got = tried.call();
        made.answer.right = agree(*made.answer.got, tried.expected);
    } catch (const std::bad_alloc&) {
        made.thrown = "it asks for more memory than there is: is a size wrong?";
    } catch (const std::exception& error) {
        made.thrown = without_place(error.what());
        made.not_written = made.thrown.find("not written yet") != std::string::npos;
    } catch (...) {
        made.thrown = "something that is not an exception of the standard library";
    }
    return made;
}

bool is_out_of_bounds(const std::string& words) {
    return words.find("out of bounds") != std::string::npos ||
           words.find("_M_range_check") != std::string::npos;
}

// What was thrown, and the cases that are left.
void write_thrown(std::ostream& log, const Case& tried, const std::string& thrown, bool is_last,
                  Finding& finding) {
    write(log, "threw", thrown);
    write_inputs(log, tried);
    if (!is_last) write(log, "untried", "");
    finding.state = State::threw;
    finding.hints = {thrown};
    if (is_out_of_bounds(thrown)) {
        finding.hints.emplace_back("does a loop run one step too far (<= instead of <)?");
        write(log, "hint", finding.hints.back());
    }
}

void try_gradient(const Function& function, std::ostream& log, Finding& finding) {
    write(log, "gradient", "");
    try {
        const GradientCheck check = function.gradient();
        write(log, check.passed ? "gradient passed" : "gradient failed", check.words);
        if (!check.passed) finding.state = State::wrong;
    } catch (const std::exception& error) {
        write(log, "gradient failed", without_place(error.what()));
        finding.state = State::threw;
    }
}

void finish(const Function& function, const std::vector<Answer>& answers, std::ostream& log,
            Finding& finding) {
    if (finding.state == State::wrong) {
        finding.hints = hints(function, answers);
        for (const std::string& hint : finding.hints) write(log, "hint", hint);
    }
    if (function.gradient && finding.state != State::threw) try_gradient(function, log, finding);
}

}  // namespace

std::vector<double> spread(std::size_t count, unsigned seed) {
    std::mt19937 bits(seed);
    std::vector<double> values;
    while (values.size() < count) {
        const double value = static_cast<double>(bits() % 4001) / 1000 - 2;
        if (value > 0.05 || value < -0.05) values.push_back(value);
    }
    return values;
}

Finding try_function(const Function& function, std::ostream& log) {
    Finding finding{function.name};
    std::vector<Answer> answers;
    write(log, "function", function.name);
    for (const Case& tried : function.cases) {
        write(log, "case", tried.name);
        const Attempt made = attempt(tried);
        if (made.not_written) {
            write(log, "not written", made.thrown);
            finding.state = State::not_written;
            return finding;
        }
        answers.push_back(made.answer);
        if (made.answer.right) {
            write(log, "passed", "");
            ++finding.passed;
        } else if (made.answer.got) {
            write(log, "failed", "");
            write_failure(log, tried, *made.answer.got);
            if (finding.state == State::passed) finding.state = State::wrong;
        } else {
            write_thrown(log, tried, made.thrown, &tried == &function.cases.back(), finding);
            break;
        }
    }
    finish(function, answers, log, finding);
    return finding;
}

std::vector<Finding> try_exercise(const Exercise& exercise, std::ostream& log) {
    std::vector<Finding> findings;
    for (const Function& function : exercise) findings.push_back(try_function(function, log));
    write(log, "end", "");
    return findings;
}

int check_main(int argc, char** argv, const Exercise& exercise) {
    nst::tools::restart_with_best_openblas_core(argv);
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s LOG\n", argv[0]);
        return 2;
    }
    std::ofstream log(argv[1]);
    bool passed = true;
    for (const Finding& finding : try_exercise(exercise, log)) {
        passed = passed && finding.state == State::passed;
    }
    return passed && log ? 0 : 1;
}

}  // namespace course
