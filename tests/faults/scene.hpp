// Shared by the fault tests: a run that may fail, and what must hold in every case.
#pragma once

#include <map>
#include <set>

#include "cli/fixture.hpp"
#include "faults/faults.hpp"
#include "support/catch.hpp"

namespace nst_test {

/// The numbers 1 to count: all of them, or the first ones and then ever fewer.
inline std::vector<long> calls_to_fail(long count) {
    constexpr long first = 4;
    std::vector<long> calls;
    for (long call = 1; call <= count; call += every_call() || call < first ? 1 : call) {
        calls.push_back(call);
    }
    return calls;
}

inline std::set<std::string> names_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

/// A command, with the output and the image of a run without failures.
class Scene {
  public:
    /// @param words   the command
    /// @param output  the file that the command writes, or none
    Scene(const Workplace& work, std::vector<std::string> words, std::string output = {})
        : work_(work), words_(std::move(words)), output_(std::move(output)) {
        const std::string counts = (work_.folder / "counts").string();
        reset();
        const CommandResult whole =
            run(words_, {"LD_PRELOAD=" NST_FAULTS, "NST_FAULT_COUNTS=" + counts});
        REQUIRE(whole.exit_code == 0);
        out_ = whole.out;
        if (!output_.empty()) generated_ = bytes_of(output_);
        std::ifstream lines(counts);
        std::string kind;
        for (long count = 0; lines >> kind >> count;) counts_[kind] = count;
        std::filesystem::remove(counts);
    }

    /// Makes calls of a kind fail: each alone and, with `and_all_after`, each together with all
    /// later ones.
    void fail_calls(const std::string& kind, bool and_all_after = false) const {
        for (const long call : calls_to_fail(counts_.at(kind))) {
            const std::string fault = kind + ":" + std::to_string(call);
            check(fault + (and_all_after ? "+" : ""));
        }
    }

    /// Runs the command with NST_FAULT and checks the promise.
    void check(const std::string& fault) const {
        reset();
        const std::set<std::string> before = names_in(work_.folder.path());
        const CommandResult result = run(words_, {"LD_PRELOAD=" NST_FAULTS, "NST_FAULT=" + fault});
        INFO("NST_FAULT=" << fault << " of " << words_[1]);
        check_result(result);
        CHECK(names_in(work_.folder.path()) == before);
    }

    /// One line and exit code 2, or nothing and exit code 0; the old file or the new one.
    void check_result(const CommandResult& result) const {
        INFO(result.err);
        const bool is_well = result.exit_code == 0;
        if (is_well) {
            CHECK(result.out == out_);
            CHECK(result.err.empty());
        } else {
            CHECK(result.exit_code == 2);
            CHECK(result.err.rfind("nst: ", 0) == 0);
            CHECK(lines(result.err) == 1);
        }
        check_output(is_well);
    }

    void check_output(bool has_to_be_new) const {
        if (output_.empty()) return;
        const std::string bytes = bytes_of(output_);
        const bool is_old = !has_to_be_new && bytes == old_bytes;
        CHECK((is_old || bytes == generated_));
    }

    /// Puts the old file in the place of the output.
    void reset() const {
        if (!output_.empty()) std::ofstream(output_, std::ios::binary) << old_bytes;
    }

    const std::vector<std::string>& words() const { return words_; }

  private:
    static constexpr const char* old_bytes = "the old file";

    const Workplace& work_;
    std::vector<std::string> words_;
    std::string output_;
    std::string out_;
    std::string generated_;
    std::map<std::string, long> counts_;
};

/// Two quiet iterations; on two threads the order of calls varies.
inline Scene transfer_scene(const Workplace& work, const char* threads,
                            std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--iterations", "2", "--quiet", "--threads", threads});
    return {work, work.transfer(more), work.output};
}

}  // namespace nst_test
