// Permissions do not restrict root, and tests in containers often run as root.
#pragma once

#include <unistd.h>

#include <stdexcept>

namespace nst_test {

/// During its lifetime, the process has the rights of an ordinary user.
class Unprivileged {
  public:
    Unprivileged() : was_root_(geteuid() == 0) {
        constexpr uid_t nobody = 65534;
        if (was_root_ && seteuid(nobody) != 0) throw std::runtime_error("cannot cease to be root");
    }
    ~Unprivileged() {
        if (was_root_ && seteuid(0) != 0) std::terminate();
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

  private:
    bool was_root_;
};

}  // namespace nst_test
