#include "image/image_jpeg_errors.hpp"

#include <jerror.h>

namespace nst {
inline namespace NST_PRECISION {

JpegErrors::JpegErrors() {
    jpeg_std_error(&state_.manager);
    state_.manager.error_exit = leave;
    state_.manager.emit_message = warn;
    state_.manager.output_message = print_nothing;
}

void JpegErrors::leave(j_common_ptr object) {
    State* state = state_of(object);
    object->err->format_message(object, state->message);
    std::longjmp(state->jump, 1);
}

void JpegErrors::warn(j_common_ptr object, int level) {
    if (level >= 0) return;  // a trace message
    switch (object->err->msg_code) {
        case JWRN_JPEG_EOF:
            state_of(object)->reached_end = true;
            return;
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_MUST_RESYNC:
        case JWRN_BOGUS_PROGRESSION:
            leave(object);
        default:;  // unusual, but every pixel is there
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
