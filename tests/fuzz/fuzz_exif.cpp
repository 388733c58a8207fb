// exif_orientation on arbitrary bytes.
#include "image/image_orientation.hpp"
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto orientation = nst::Orientation::top_left;
    nst_fuzz::attempt(16 * nst_fuzz::mib, [&] { orientation = nst::exif_orientation(data, size); });
    if (orientation < nst::Orientation::top_left || orientation > nst::Orientation::left_bottom) {
        nst_fuzz::finding("orientation ", static_cast<int>(orientation));
    }
    return 0;
}
