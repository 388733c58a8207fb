// `nst verify`. Costs computed by `nst transfer` stand in for the course's;
// tests/golden/verify_torch.py compares with PyTorch's.
#include <fstream>
#include <regex>

#include "cli/fixture.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

const std::regex verdict("  (ok|OUTSIDE)\n");

long count(const std::string& text, const std::regex& pattern) {
    return std::distance(std::sregex_iterator(text.begin(), text.end(), pattern),
                         std::sregex_iterator());
}

struct VerifyPlace : Workplace {
    std::string table = (folder / "costs.txt").string();

    void write_table(const std::string& text) const { std::ofstream(table) << text; }

    CommandResult verify(const std::vector<std::string>& more) const {
        std::vector<std::string> words = {NST_COMMAND, "verify"};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    CommandResult verify_table() const {
        return verify({content, style, "--weights", weights, "--table", table});
    }

    // Costs after iterations 0, 2 and 4 of the tutorial's run, as `nst transfer` prints them.
    std::vector<std::string> costs() const {
        const CommandResult result =
            run(transfer({"--iterations", "5", "--print-every", "2", "--start", "noise"}));
        const std::regex line("cost = (\\S+)\n");
        std::vector<std::string> found;
        for (std::sregex_iterator it(result.out.begin(), result.out.end(), line), end; it != end;
             ++it) {
            found.push_back((*it)[1]);
        }
        REQUIRE(found.size() == 9);
        return found;
    }

    void write_costs(const std::vector<std::string>& c) const {
        std::string text = "# iteration total content style tolerance\n\n";
        for (std::size_t row = 0; row < 3; ++row) {
            text += std::to_string(2 * row);
            for (std::size_t k = 0; k < 3; ++k) text += ' ' + c[3 * row + k];
            text += " 1e-7\n";
        }
        write_table(text);
    }

    std::string message(const std::string& rows) const {
        write_table(rows);
        const CommandResult result = verify_table();
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(lines(result.err) == 1);
        return result.err;
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("nst verify: without images, all numbers of the course's unit tests agree") {
    const CommandResult result = run({NST_COMMAND, "verify"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(count(result.out, verdict) == 15);
    CHECK(!has(result.out, "OUTSIDE"));
    CHECK(has(result.out, "15 of 15 numbers agree.\n"));
    CHECK(has(result.out, "iterations 0 to 180 were not compared"));
    CHECK(has(result.out, "35.34667875478276 35.34667875478276"));
}

TEST_CASE("nst verify: compares the run with the costs of a table") {
    const VerifyPlace place;
    std::vector<std::string> costs = place.costs();
    place.write_costs(costs);
    const CommandResult good = place.verify_table();
    CHECK(good.exit_code == 0);
    CHECK(count(good.out, verdict) == 15 + 9);
    CHECK(has(good.out, "24 of 24 numbers agree.\n"));
    CHECK(!has(good.out, "not compared"));

    for (const std::size_t wrong : {0u, 4u, 8u}) {
        std::vector<std::string> changed = costs;
        changed[wrong] = std::to_string(1.000001 * std::stod(costs[wrong]));
        place.write_costs(changed);
        const CommandResult bad = place.verify_table();
        CHECK(bad.exit_code == 1);
        CHECK(count(bad.out, std::regex("OUTSIDE")) == 1);
        const std::vector<std::string> names = {
            "total cost, iteration 0", "content cost, iteration 2", "style cost, iteration 4"};
        CHECK(std::regex_search(bad.out, std::regex(names[wrong / 4] + ".*OUTSIDE")));
        CHECK(has(bad.out, "23 of 24 numbers agree.\n"));
    }
}

TEST_CASE("nst verify: rejects malformed tables") {
    const VerifyPlace place;
    CHECK(has(place.message(""), "has no rows"));
    CHECK(has(place.message("# nothing\n"), "has no rows"));
    const std::string line = "line 2 of " + place.table + " must be iteration";
    const std::string good = "0 3 2 1 0.1\n";
    for (const char* bad :
         {"1 3 2 1", "1 3 2 1 0.1 5", "1 3 2 nan 0.1", "1 -3 2 1 0.1", "x", "1 3 2 1 -1",
          "1 3 2 1 1", "-1 3 2 1 0.1", "99999999999 3 2 1 0.1", "1000000 3 2 1 0.1"}) {
        INFO(bad);
        CHECK(has(place.message(good + bad + "\n"), line));
    }
    CHECK(has(place.message(good + good), "must have a later iteration than the one before"));
    const CommandResult folder =
        place.verify({place.content, place.style, "--table", place.folder.path().string()});
    CHECK(folder.exit_code == 2);
    CHECK(has(folder.err, "cannot be read"));
}

TEST_CASE("nst verify: compares the course's costs only for the course's own files") {
    const VerifyPlace place;
    const auto says = [&](const std::vector<std::string>& words, const std::string& part) {
        const CommandResult result = place.verify(words);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(lines(result.err) == 1);
        INFO(result.err);
        CHECK(has(result.err, part));
    };
    says({place.content, place.style}, "content.png is not the course's louvre_small.jpg");
    says({place.content}, "CONTENT needs STYLE beside it");
    says({"--table", place.table}, "--table needs the two images");
    says({place.content, place.style, "--table", "missing.txt"}, "missing.txt cannot be read");
    says({"missing.jpg", place.style}, "missing.jpg");
}
