// The message of an nst::Error, which must be one line that is safe to print.
#pragma once

#include <string>

#include "nst/error.hpp"
#include "nst/printable_text.hpp"
#include "support/catch.hpp"

namespace nst_test {

/// Calls the function and returns the message of its nst::Error, or a description of what happened
/// instead.
template <class Function>
std::string error_of(const Function& function) {
    try {
        function();
    } catch (const nst::Error& error) {
        const std::string message = error.what();
        CHECK(nst::printable_text(message) == message);
        return message;
    }
    return "(no error)";
}

}  // namespace nst_test
