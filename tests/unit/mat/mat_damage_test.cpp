// Damages valid files in thousands of ways: load_vgg19 and inspect_vgg19 must either read the rest
// or throw nst::Error. A crash in matio would end this program.
#include <functional>

#include "nst/vgg19.hpp"
#include "support/mat5.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"
#include "support/vgg19_mat.hpp"

using namespace nst_test;

namespace {

/// The smallest complete file: two convolutions and the layers after them.
mat5::Named tiny_variables(Generation generation) {
    Vgg19Mat options;
    options.generation = generation;
    options.channels = {1, 1, 1, 1, 1};
    mat5::Named variables = vgg19_variables(options);
    mat5::Array& layers = variable(variables, "layers");
    layers.parts.resize(5);
    layers.dims = {1, 5};
    mat5::Array& last = variables.back().second;
    if (generation > Generation::beta16) return variables;
    // the mean image alone would be most of the file
    field(last, "averageImage") = mat5::numbers(mat5::mx_single, mat5::mi_single, {1, 2, 3},
                                                std::vector<double>{1, 2, 3, 4, 5, 6});
    return variables;
}

/// Reads damaged files with load_vgg19, some with inspect_vgg19 too, and counts the outcomes.
class Victim {
  public:
    void read(const std::string& content) {
        // some file systems wait for the disk when overwriting a file, but not when creating one
        std::filesystem::remove(path_);
        mat5::write_file(path_, content);
        count([&] { nst::load_vgg19(path_); });
        constexpr std::size_t seldom = 8;  // both functions read the file in the same way
        if ((loaded_ + refused_) % seldom == 0) inspect();
    }
    std::size_t loaded() const { return loaded_; }
    std::size_t refused() const { return refused_; }

  private:
    void inspect() const {
        try {
            nst::inspect_vgg19(path_, 75, 101);
        } catch (const nst::Error&) {
        }
    }
    void count(const std::function<void()>& attempt) {
        // any other exception propagates and fails the test
        if (error_of(attempt) == "(no error)") {
            ++loaded_;
        } else {
            ++refused_;
        }
    }

    TemporaryFolder folder_;
    std::filesystem::path path_ = folder_ / "damaged.mat";
    std::size_t loaded_ = 0;
    std::size_t refused_ = 0;
};

void overwrite(std::string& content, std::size_t at, std::uint32_t number) {
    content.replace(at, sizeof number, mat5::raw(number));
}

}  // namespace

TEST_CASE("load_vgg19: rejects a file truncated after any byte") {
    const auto generation = GENERATE(Generation::beta10, Generation::beta23);
    const bool is_compressed = GENERATE(false, true);
    const std::string whole = mat5::file(tiny_variables(generation), is_compressed);
    Victim victim;
    for (std::size_t size = 0; size < whole.size(); ++size) victim.read(whole.substr(0, size));
    CHECK(victim.loaded() == 0);
    victim.read(whole);
    CHECK(victim.loaded() == 1);
}

TEST_CASE("load_vgg19: survives a changed byte anywhere") {
    const auto generation = GENERATE(Generation::beta10, Generation::beta23);
    const bool is_compressed = GENERATE(false, true);
    const std::string whole = mat5::file(tiny_variables(generation), is_compressed);
    Victim victim;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const int change : {0x01, 0x80, 0xff}) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ change);
            victim.read(damaged);
        }
    }
    // most bytes of a plain file are values and padding; a compressed one has a checksum over all
    // bytes
    CHECK(victim.refused() > 1000);
    CHECK(victim.loaded() > 0);
}

TEST_CASE("load_vgg19: survives an extreme number anywhere") {
    const auto generation = GENERATE(Generation::beta10, Generation::beta23);
    const std::string whole = mat5::file(tiny_variables(generation), false);
    Victim victim;
    for (std::size_t at = 128; at + 4 <= whole.size(); at += 4) {
        for (const std::uint32_t extreme : {0u, 1u, 8u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
            std::string damaged = whole;
            overwrite(damaged, at, extreme);
            victim.read(damaged);
        }
    }
    CHECK(victim.refused() > 1000);
}

TEST_CASE("load_vgg19: survives changed bytes and numbers inside valid compressed data") {
    const mat5::Named variables = tiny_variables(Generation::beta23);
    const std::string meta = mat5::compressed(mat5::bytes(variables[1].second, "meta"));
    const std::string layers = mat5::bytes(variables[0].second, "layers");
    Victim victim;
    for (std::size_t at = 0; at + 4 <= layers.size(); at += 4) {
        for (const std::uint32_t extreme : {0u, 14u, 0x7fffffffu, 0xffffffffu}) {
            std::string damaged = layers;
            overwrite(damaged, at, extreme);
            victim.read(mat5::header() + mat5::compressed(damaged) + meta);
        }
    }
    CHECK(victim.refused() > 1000);
}

TEST_CASE("load_vgg19: survives moved parts of a file") {
    const std::string whole = mat5::file(tiny_variables(Generation::beta23), false);
    constexpr std::size_t step = 64;
    Victim victim;
    for (std::size_t from = 128; from + step <= whole.size(); from += step) {
        std::string doubled = whole;
        doubled.insert(from, whole, from, step);
        victim.read(doubled);
        std::string shortened = whole;
        shortened.erase(from, 8);
        victim.read(shortened);
    }
    CHECK(victim.refused() > 100);
}
