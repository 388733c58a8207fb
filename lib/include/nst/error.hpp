#pragma once

#include <stdexcept>

#include "nst/api.hpp"

namespace nst {

/// The exception that every function of this library throws. Its message is one line that names the
/// function, what it expected, what it got and, if possible, a hint.
/// Introduced in chapter 01.
class NST_API Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace nst
