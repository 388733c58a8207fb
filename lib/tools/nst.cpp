// The `nst` command.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>

#include "inspect_command.hpp"
#include "nst/build_info.hpp"
#include "nst/printable_text.hpp"
#include "openblas_core.hpp"
#include "transfer_command.hpp"
#include "verify_command.hpp"
#include "weights_command.hpp"

namespace {

constexpr int usage_error = 2;

// Prints one line for any error, however many lines its message has. Where there is no memory to
// tell the characters beyond ASCII apart, each of their bytes becomes '?'.
int refuse(const char* message) {
    std::cerr << "nst: ";
    try {
        std::cerr << nst::printable_text(message);
    } catch (const std::bad_alloc&) {
        for (; *message != '\0'; ++message) {
            std::cerr.put(*message >= ' ' && *message <= '~' ? *message : '?');
        }
    }
    std::cerr << '\n';
    return usage_error;
}

bool is_output_option(const std::string& argument) {
    return argument == "-o" || argument == "--output";
}

// Returns whether an argument may be meant as a file, although it begins with a dash: there is such
// a file, or it ends like the name of one and is no option with its value, such as -oout.png.
bool may_be_a_file(const std::string& argument, const std::string& before) {
    if (argument.size() < 2 || argument[0] != '-' || argument == "--") return false;
    std::error_code ignored;
    if (std::filesystem::exists(argument, ignored)) return true;
    const bool has_value = argument[1] == 'o' && !is_output_option(before);
    if (has_value || argument.find('=') != std::string::npos) return false;
    const std::string extension = std::filesystem::path(argument).extension().string();
    return extension.size() > 1 && !(extension[1] >= '0' && extension[1] <= '9');
}

// Returns what to do about the first argument that was taken for an option but may be a file.
std::string dash_hint(int argc, char** argv) {
    for (int i = 1; i < argc && std::string(argv[i]) != "--"; ++i) {
        if (!may_be_a_file(argv[i], argv[i - 1])) continue;
        const std::string name = argv[i];
        return ". Is " + name + " a file? Put -- before it, after all options, or write ./" + name;
    }
    return {};
}

// CLI11 would take the name in "-o -out.png" for a second -o with the value "ut.png".
void require_output_name(int argc, char** argv) {
    for (int i = 1; i + 1 < argc && std::string(argv[i]) != "--"; ++i) {
        const std::string next = argv[i + 1];
        if (is_output_option(argv[i]) && next.size() > 2 && next.compare(0, 2, "-o") == 0) {
            throw CLI::ArgumentMismatch::TypedAtLeast("--output", 1, "OUT");
        }
    }
}

// Returns the details that a report of a slow run needs.
std::string version() {
    const nst::BuildInfo info = nst::build_info();
    return "nst " + info.version + "\ncompiler: " + info.compiler +
           "\ninner loops: " + info.inner_loops + "\nOpenBLAS: " + info.openblas + ", core " +
           info.openblas_core + "\nthreads: " + std::to_string(info.threads) +
           "\nprecision: " + info.precision;
}

int run(int argc, char** argv) {
    CLI::App app{"Neural style transfer: paints one image in the style of another."};
    app.name("nst");
    app.set_version_flag("--version", version, "Says how nst was built and what it runs on");
    app.require_subcommand(1);
    app.footer(
        "nst COMMAND --help tells more. Example:\n  nst transfer photo.jpg painting.jpg -o "
        "out.png");
    int exit_code = 0;
    nst::tools::add_transfer_command(app, exit_code);
    nst::tools::add_inspect_command(app);
    nst::tools::add_verify_command(app, exit_code);
    nst::tools::add_weights_command(app);
    try {
        require_output_name(argc, argv);
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        app.exit(help);
    } catch (const CLI::ParseError& error) {
        return refuse((error.what() + dash_hint(argc, argv) + ". See nst --help").c_str());
    }
    if (!std::cout.flush()) return refuse("standard output could not be written");
    return exit_code;
}

int run_or_refuse(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        return refuse("out of memory; nst transfer takes less with a smaller --size");
    } catch (const std::exception& error) {
        return refuse(error.what());
    }
}

bool address_space_is_limited() {
    rlimit space{};
    return getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY;
}

}  // namespace

int main(int argc, char** argv) {
    nst::tools::restart_with_best_openblas_core(argv);
    std::signal(SIGXFSZ, SIG_IGN);  // writing past the file size limit is then an error to report,
                                    // not the end of the process
    const int exit_code = run_or_refuse(argc, argv);
    // OpenBLAS starts threads of its own when it is loaded. If such a thread lacks address space it
    // waits forever, and a normal exit would wait for that thread.
    if (address_space_is_limited()) std::_Exit(exit_code);
    return exit_code;
}
