#include "image/image_orientation.hpp"

#include <libexif/exif-data.h>

#include <cstdlib>
#include <memory>
#include <new>

namespace nst {
inline namespace NST_PRECISION {

namespace {

struct Unref {
    void operator()(ExifData* data) const { exif_data_unref(data); }
};

struct UnrefMemory {
    void operator()(ExifMem* memory) const { exif_mem_unref(memory); }
};

// libexif skips what it has no memory for, and its callbacks do not receive a pointer of ours.
thread_local bool lacks_memory = false;

void* noted(void* memory) {
    lacks_memory = lacks_memory || memory == nullptr;
    return memory;
}

void* take(ExifLong size) {
    return noted(std::calloc(1, size));
}

void* take_again(void* memory, ExifLong size) {
    return noted(std::realloc(memory, size));
}

}  // namespace

Orientation exif_orientation(const unsigned char* block, std::size_t size) {
    lacks_memory = false;
    const std::unique_ptr<ExifMem, UnrefMemory> memory(exif_mem_new(take, take_again, std::free));
    const std::unique_ptr<ExifData, Unref> data(memory ? exif_data_new_mem(memory.get()) : nullptr);
    if (data) exif_data_load_data(data.get(), block, static_cast<unsigned>(size));
    if (!data || lacks_memory) throw std::bad_alloc();
    ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->components != 1 ||
        entry->size < 2) {
        return Orientation::top_left;
    }
    const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
    return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::top_left;
}

ImageSize upright_size(const ImageSize& stored, Orientation orientation) {
    const bool turned = orientation >= Orientation::left_top;
    return turned ? ImageSize{stored.width, stored.height} : stored;
}

UprightImage::UprightImage(const ImageSize& stored, Orientation orientation)
    : stored_width_(stored.width) {
    const ImageSize size = upright_size(stored, orientation);
    image_ = Image::from_shape({size.height, size.width, 3});
    const auto is = [&](auto... any) { return ((orientation == any) || ...); };
    using O = Orientation;
    const bool turned = orientation >= O::left_top;
    const bool from_bottom = is(O::bottom_left, O::bottom_right, O::left_bottom, O::right_bottom);
    const bool from_right = is(O::top_right, O::bottom_right, O::right_top, O::right_bottom);

    const auto pixel = std::ptrdiff_t{3};
    const auto row = static_cast<std::ptrdiff_t>(size.width) * pixel;
    const std::ptrdiff_t sideways = from_right ? -pixel : pixel;
    const std::ptrdiff_t downwards = from_bottom ? -row : row;
    right_ = turned ? downwards : sideways;
    down_ = turned ? sideways : downwards;
    first_ = image_.data() + (from_right ? row - pixel : 0) +
             (from_bottom ? row * static_cast<std::ptrdiff_t>(size.height - 1) : 0);
}

}  // namespace NST_PRECISION
}  // namespace nst
