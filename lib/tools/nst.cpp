// The `nst` command.
#include <CLI/CLI.hpp>
#include <cctype>
#include <exception>
#include <iostream>
#include <string>

#include "inspect_command.hpp"
#include "transfer_command.hpp"
#include "verify_command.hpp"
#include "weights_command.hpp"

namespace {

constexpr int usage_error = 2;

// One line for whatever went wrong, however many lines it came with.
int refuse(std::string message) {
    for (char& c : message) {
        if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = ' ';
    }
    std::cerr << "nst: " << message << '\n';
    return usage_error;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): outside the try only memory can run out
int main(int argc, char** argv) {
    CLI::App app{"Neural style transfer: paints one picture in the manner of another."};
    app.name("nst");
    app.set_version_flag("--version", "nst " NST_VERSION);
    app.require_subcommand(1);
    app.footer(
        "nst COMMAND --help tells more. Example:\n  nst transfer photo.jpg painting.jpg -o "
        "out.png");
    int exit_code = 0;
    nst::add_transfer_command(app, exit_code);
    nst::add_inspect_command(app);
    nst::add_verify_command(app, exit_code);
    nst::add_weights_command(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return refuse(std::string(error.what()) + ". See nst --help");
    } catch (const std::bad_alloc&) {
        return refuse("out of memory; use a smaller --size");
    } catch (const std::exception& error) {
        return refuse(error.what());
    }
    if (!std::cout.flush()) return refuse("standard output could not be written");
    return exit_code;
}
