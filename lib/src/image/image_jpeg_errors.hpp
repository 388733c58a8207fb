// libjpeg reports errors by not returning; this turns them into values and exceptions.
#pragma once

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What libjpeg calls instead of printing and ending the program. An error, or a warning that
/// pixels are lost, jumps back to attempt(); a lesser warning is passed over.
class JpegErrors {
  public:
    JpegErrors();
    JpegErrors(const JpegErrors&) = delete;
    JpegErrors& operator=(const JpegErrors&) = delete;

    /// For the `err` of a libjpeg object.
    jpeg_error_mgr* manager() { return &state_.manager; }

    /// Runs step(), which calls libjpeg. The jump skips destructors, so step must not make an
    /// object that has one.
    /// @return whether it came to its end; otherwise message() and code() say why
    template <class Step>
    bool attempt(const Step& step) {
        if (setjmp(state_.jump) != 0) return false;
        step();
        return true;
    }

    /// For callbacks from libjpeg: ends the step with an error of ours.
    /// @param why  a text that stays
    [[noreturn]] static void give_up(j_common_ptr object, const char* why);

    const char* message() const { return state_.message; }
    int code() const { return state_.manager.msg_code; }

  private:
    struct State {
        jpeg_error_mgr manager;  // first, so that a pointer to it is one to the whole
        std::jmp_buf jump;
        char message[JMSG_LENGTH_MAX];
    };

    static State* state_of(j_common_ptr object) { return reinterpret_cast<State*>(object->err); }
    [[noreturn]] static void leave(j_common_ptr object);
    static void warn(j_common_ptr object, int level);
    static void print_nothing(j_common_ptr) {}

    State state_{};
};

}  // namespace NST_PRECISION
}  // namespace nst
