#include "checkpoint.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "files/atomic_file.hpp"

namespace train {

namespace {

namespace fs = std::filesystem;

constexpr const char* first_line = "nst training checkpoint 1";

// Calls visit(numbers, count) for every array of the run, always in the same order.
template <class Visit>
void for_all_numbers(Run& run, const Visit& visit) {
    for (const nst::Parameters& some : nst::parameters(run.classifier, run.classifier)) {
        visit(some.values, some.size);
    }
    for (auto* moments : {&run.optimizer.first_moments, &run.optimizer.second_moments}) {
        for (std::vector<nst::Real>& some : *moments) visit(some.data(), some.size());
    }
}

void make_room_for_moments(Run& run) {
    for (auto* moments : {&run.optimizer.first_moments, &run.optimizer.second_moments}) {
        moments->clear();
        for (const nst::Parameters& some : nst::parameters(run.classifier, run.classifier)) {
            moments->emplace_back(some.size);
        }
    }
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
    throw std::runtime_error("load_checkpoint: " + file.string() + " " + why +
                             ". Remove it to train from the start");
}

}  // namespace

void save_checkpoint(const Settings& settings, Run& run, const fs::path& file) {
    if (run.optimizer.first_moments.empty()) make_room_for_moments(run);
    std::ostringstream text;
    text << first_line << '\n'
         << describe(settings) << '\n'
         << run.optimizer.steps << '\n'
         << run.bits << '\n'
         << run.log.size() << '\n'
         << run.log;
    nst::AtomicFile out("save_checkpoint", file);
    out.write(text.str().data(), text.str().size());
    for_all_numbers(run, [&](const nst::Real* numbers, std::size_t count) {
        out.write(numbers, count * sizeof(nst::Real));
    });
    out.take_place();
}

void load_checkpoint(const Settings& settings, Run& run, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string line;
    if (!std::getline(in, line)) refuse(file, "cannot be read");
    if (line != first_line) refuse(file, "is no checkpoint");
    std::getline(in, line);
    if (line != describe(settings)) refuse(file, "is of a run with other settings: " + line);
    std::size_t log_size = 0;
    in >> run.optimizer.steps >> run.bits >> log_size;
    in.ignore();
    if (!in || log_size > fs::file_size(file)) refuse(file, "is damaged");
    run.log.resize(log_size);
    in.read(run.log.data(), static_cast<std::streamsize>(log_size));
    make_room_for_moments(run);
    for_all_numbers(run, [&](nst::Real* numbers, std::size_t count) {
        in.read(reinterpret_cast<char*>(numbers),
                static_cast<std::streamsize>(count * sizeof(nst::Real)));
    });
    if (!in || in.peek() != std::ifstream::traits_type::eof()) refuse(file, "is not whole");
}

}  // namespace train
