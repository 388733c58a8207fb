#include "mat/mat_skipped.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "mat/mat_types.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

/// Replaces everything but printable ASCII, so that characters and bytes are the same.
std::string ascii_line(const std::string& text) {
    std::string line = one_line(text);
    for (char& c : line) {
        if ((c & 0x80) != 0) c = '?';
    }
    return line;
}

/// Writes a tag, data and padding.
void write_element(MatScratch& copy, std::uint32_t type, const void* data, std::size_t size) {
    const std::array<std::uint32_t, 2> tag{type, static_cast<std::uint32_t>(size)};
    const std::array<char, 8> zeros{};
    copy.write(tag.data(), sizeof tag);
    copy.write(data, size);
    copy.write(zeros.data(), (size + 7) / 8 * 8 - size);
}

/// Takes the elements off the front of some bytes. Where they make no sense, it returns nothing.
class ElementReader {
  public:
    explicit ElementReader(const std::string& bytes) : bytes_(bytes) {}

    /// Returns the data of the next element if it has that type, and no more bytes than `longest`.
    std::string next(std::uint32_t type, std::size_t longest) {
        if (left() < tag_size) return {};
        const std::uint32_t first = number(at_);
        const bool packed = first >> 16 != 0;
        const std::size_t size = packed ? first >> 16 : number(at_ + 4);
        const std::size_t data = packed ? at_ + 4 : at_ + tag_size;
        const std::size_t end = packed ? at_ + tag_size : data + (size + 7) / 8 * 8;
        const bool fits = (first & 0xffff) == type && size <= (packed ? 4 : longest);
        if (!fits || end > bytes_.size()) return {};
        at_ = end;
        return bytes_.substr(data, size);
    }

  private:
    static constexpr std::size_t tag_size = 8;

    std::size_t left() const { return bytes_.size() - at_; }
    std::uint32_t number(std::size_t at) const {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes_.data() + at, sizeof value);
        return value;
    }

    const std::string& bytes_;
    std::size_t at_ = 0;
};

std::string object_of(const std::string& class_name) {
    return class_name.empty() ? "an object" : "an object of class " + class_name;
}

}  // namespace

void write_skipped(MatScratch& copy, const std::string& name, const std::string& what) {
    const std::string line = ascii_line(what);
    const std::array<std::uint32_t, 2> flags{mx_char, 0};
    std::array<std::uint32_t, skipped_rank> dimensions{};
    dimensions.fill(1);
    dimensions[1] = static_cast<std::uint32_t>(line.size());
    write_element(copy, mi_uint32, flags.data(), sizeof flags);
    write_element(copy, mi_int32, dimensions.data(), sizeof dimensions);
    write_element(copy, mi_int8, name.data(), name.size());
    write_element(copy, mi_uint8, line.data(), line.size());
}

UnreadArray unread_array(std::uint32_t array_class, const std::string& bytes) {
    ElementReader reader(bytes);
    // an object of a class of today has no dimensions, but the name of its system of types
    if (array_class != mx_opaque) reader.next(mi_int32, max_dimensions * sizeof(std::uint32_t));
    const std::string name = reader.next(mi_int8, longest_name);
    if (array_class == mx_opaque) reader.next(mi_int8, longest_name);
    switch (array_class) {
        case mx_object:
        case mx_opaque:
            return {object_of(reader.next(mi_int8, longest_name)), name};
        case mx_sparse:
            return {"a sparse matrix", name};
        case mx_function:
            return {"a function handle", name};
        default:
            return {"an array of class " + std::to_string(array_class), name};
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
