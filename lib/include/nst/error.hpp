#pragma once

#include <stdexcept>

namespace nst {

/// What every function of this library throws: one line that says which function, what it
/// expected, what came, and, where there is one, a hint. Introduced in chapter 01.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace nst
