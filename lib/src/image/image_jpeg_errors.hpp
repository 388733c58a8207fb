// libjpeg reports errors by not returning; this file turns them into values and exceptions.
#pragma once

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The error handler that libjpeg calls instead of printing and ending the program. An error, or a
/// warning that pixels are lost, jumps back to attempt(); lesser warnings are ignored.
class JpegErrors {
  public:
    JpegErrors();
    JpegErrors(const JpegErrors&) = delete;
    JpegErrors& operator=(const JpegErrors&) = delete;

    /// Returns the manager for the `err` member of a libjpeg object.
    jpeg_error_mgr* manager() { return &state_.manager; }

    /// Runs step(), which calls libjpeg. The jump skips destructors, so step must not create an
    /// object that has one.
    /// @return whether step finished; otherwise message() and code() say why
    template <class Step>
    bool attempt(const Step& step) {
        if (setjmp(state_.jump) != 0) return false;
        step();
        return true;
    }

    /// Whether the file has ended before its end marker. libjpeg then puts one there, so that the
    /// image may be whole nevertheless.
    bool reached_end() const { return state_.reached_end; }

    const char* message() const { return state_.message; }
    int code() const { return state_.manager.msg_code; }

  private:
    struct State {
        jpeg_error_mgr manager;  // first, so that a pointer to it also points to the whole struct
        std::jmp_buf jump;
        char message[JMSG_LENGTH_MAX];
        bool reached_end;
    };

    static State* state_of(j_common_ptr object) { return reinterpret_cast<State*>(object->err); }
    [[noreturn]] static void leave(j_common_ptr object);
    static void warn(j_common_ptr object, int level);
    static void print_nothing(j_common_ptr) {}

    State state_{};
};

}  // namespace NST_PRECISION
}  // namespace nst
