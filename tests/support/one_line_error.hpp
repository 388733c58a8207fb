// The message of an nst::Error, which must be one line.
#pragma once

#include <algorithm>
#include <string>

#include "nst/error.hpp"
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
        CHECK(std::none_of(message.begin(), message.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        }));
        return message;
    }
    return "(no error)";
}

}  // namespace nst_test
