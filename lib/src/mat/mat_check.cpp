#include "mat/mat_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "mat/mat_bytes.hpp"
#include "mat/mat_text.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Type numbers of the format, "MAT-File Level 5".
enum DataType : std::uint32_t {
    mi_int8 = 1,
    mi_uint8 = 2,
    mi_uint16 = 4,
    mi_int32 = 5,
    mi_uint32 = 6,
    mi_matrix = 14,
    mi_compressed = 15,
    mi_utf8 = 16,
    mi_utf16 = 17
};
enum ArrayClass : std::uint32_t { mx_cell = 1, mx_struct = 2, mx_char = 4, mx_double = 6 };
constexpr std::uint32_t mx_last_number = 15;
constexpr std::uint32_t complex_flag = 0x0800;

// Limits that real weights never approach, so that a small file cannot demand much memory.
constexpr std::uint32_t largest_array = 0x7fffffff;  // matio counts bytes in an int
constexpr std::uint64_t largest_inflated = std::uint64_t{1} << 32;
constexpr std::size_t max_arrays = 16384;  // matio keeps a record of each
constexpr std::size_t max_fields = 16384;  // and 40 bytes for the name of each
constexpr std::size_t max_variables = 16384;
constexpr int deepest = 16;
constexpr std::uint32_t longest_name = 63;  // MATLAB's own limit
constexpr std::uint32_t max_dimensions = 8;

/// Returns the bytes of one stored element, 0 for types that hold neither numbers nor text.
std::uint32_t element_size(std::uint32_t type) {
    constexpr std::array<std::uint32_t, 19> sizes = {0, 1, 1, 2, 2, 4, 4, 4, 0, 8,
                                                     0, 0, 8, 8, 0, 0, 1, 2, 4};
    return type < sizes.size() ? sizes[type] : 0;
}

/// Returns whether text or numbers can be stored in this type. matio leaves text in other types
/// blank.
bool stores(bool is_text, std::uint32_t type) {
    if (!is_text) return element_size(type) > 0 && type < mi_matrix;
    return type == mi_uint8 || type == mi_uint16 || type == mi_utf8 || type == mi_utf16;
}

constexpr std::uint32_t padded(std::uint32_t size) {
    return (size + 7) / 8 * 8;
}

struct Tag {
    std::uint32_t type;
    std::uint32_t size;
    bool packed;  ///< up to four bytes of data are in the tag itself
    std::array<char, 4> data;
};

struct Head {
    std::uint32_t array_class;
    bool is_complex;
    std::uint64_t count;  ///< number of elements
    std::string name;
};

/// The state of the walk over a file.
struct FileWalk {
    const FileErrorContext& context;
    MatScratch* copy = nullptr;
    std::uint64_t inflatable = largest_inflated;  ///< bytes that may still be inflated
    std::size_t variable = 0;                     ///< counted from 1
    std::size_t arrays = 0;
    std::size_t fields = 0;  ///< names of fields, including those of empty structs
};

/// Walks over one top-level array and all that it contains. Arrays too large to keep are skipped,
/// everything else is read.
class ArrayWalk {
  public:
    ArrayWalk(FileWalk& walk, ByteSource& source) : walk_(walk), source_(source) {}

    /// @param size  the size in the tag before the array
    /// @return the array's name
    std::string top(std::uint32_t size) {
        require(size <= largest_array, "an array of ", size, " bytes is beyond 2 GiB");
        end_ = size;
        Head head = array(size, 0);
        require(!head.name.empty(), "a variable without a name");
        return head.name;
    }

  private:
    template <class... Parts>
    void require(bool condition, const Parts&... parts) const {
        walk_.context.require(condition, "is damaged or foreign: byte ", position_, " of variable ",
                              walk_.variable, ": ", parts...);
    }

    void claim(std::uint64_t size) {
        require(size <= end_ - position_, size, " bytes announced where ", end_ - position_,
                " are left");
    }
    void read(void* to, std::size_t size) {
        claim(size);
        source_.read(to, size);
        position_ += size;
    }
    void skip(std::uint64_t size) {
        claim(size);
        source_.skip(size);
        position_ += size;
    }
    void read_over(std::uint64_t size) {
        claim(size);  // before the first block, so that the message has the total
        while (size > 0) {
            const auto part =
                static_cast<std::size_t>(std::min<std::uint64_t>(size, block_.size()));
            read(block_.data(), part);
            size -= part;
        }
    }
    std::uint32_t number() {
        std::uint32_t value = 0;
        read(&value, sizeof value);
        return value;
    }

    Tag tag() {
        const std::uint32_t first = number();
        Tag tag{first & 0xffff, first >> 16, first >> 16 != 0, {}};
        if (tag.packed) {
            require(tag.size <= tag.data.size(), tag.size, " bytes packed into a tag of 4");
            read(tag.data.data(), tag.data.size());
        } else {
            tag.type = first;
            tag.size = number();
        }
        return tag;
    }

    /// Walks over one array's `size` bytes, after the tag before it has been read.
    Head array(std::uint32_t size, int depth) {
        require(depth <= deepest, "arrays nested deeper than ", deepest, " levels");
        claim(size);
        const std::uint64_t outer_end = end_;
        end_ = position_ + size;
        Head head = read_head();
        require(depth == 0 || head.name.empty(), "a name on a nested array");
        if (head.array_class == mx_cell) {
            elements(head.count, depth);
        } else if (head.array_class == mx_struct) {
            elements(head.count * fields(), depth);
        } else {
            data(head);
            if (head.is_complex) data(head);
        }
        require(position_ == end_, end_ - position_, " bytes after the end of an array");
        end_ = outer_end;
        return head;
    }

    Head read_head() {
        const Tag flags = tag();
        require(flags.type == mi_uint32 && flags.size == 8 && !flags.packed, "no array flags");
        const std::uint32_t bits = number();
        number();  // used only by sparse arrays
        const std::uint32_t array_class = bits & 0xff;
        const bool is_number = array_class >= mx_double && array_class <= mx_last_number;
        require(is_number || array_class == mx_cell || array_class == mx_struct ||
                    array_class == mx_char,
                "class ", array_class, "; expected numbers, text, cells and structs only");
        const std::uint64_t count = element_count();
        return {array_class, (bits & complex_flag) != 0, count, read_name()};
    }

    /// Reads the dimensions and returns their product, which fits in 31 bits.
    std::uint64_t element_count() {
        const Tag tag = this->tag();
        require(tag.type == mi_int32 && !tag.packed && tag.size % 4 == 0 && tag.size >= 8 &&
                    tag.size <= 4 * max_dimensions,
                "no dimensions");
        std::uint64_t count = 1;
        bool is_empty = false;
        for (std::uint32_t i = 0; i < tag.size / 4; ++i) {
            const std::uint32_t dimension = number();
            require(dimension <= largest_array, "a negative dimension");
            is_empty = is_empty || dimension == 0;
            count *= std::max<std::uint32_t>(dimension, 1);
            require(count <= largest_array, "dimensions beyond 2^31 elements");
        }
        read_over(padded(tag.size) - tag.size);
        return is_empty ? 0 : count;
    }

    std::string read_name() {
        const Tag tag = this->tag();
        require(tag.type == mi_int8 && tag.size <= longest_name, "no name");
        if (tag.packed) return {tag.data.data(), tag.size};
        std::string name(tag.size, '\0');
        read(name.data(), name.size());
        read_over(padded(tag.size) - tag.size);
        return name;
    }

    /// Reads a struct's table of field names and returns how many fields there are.
    std::uint64_t fields() {
        const Tag length_tag = tag();
        std::uint32_t length = 0;
        std::memcpy(&length, length_tag.data.data(), sizeof length);
        require(length_tag.type == mi_int32 && length_tag.packed && length_tag.size == 4 &&
                    length >= 1 && length <= longest_name + 1,
                "no length of field names");
        const Tag names = tag();
        require(names.type == mi_int8 && !names.packed && names.size % length == 0,
                "no field names");
        const std::uint32_t count = names.size / length;
        require(count <= max_fields - walk_.fields, "more than ", max_fields, " fields");
        walk_.fields += count;
        read_over(names.size);
        read_over(padded(names.size) - names.size);
        return count;
    }

    /// Walks over the arrays inside a cell or a struct.
    void elements(std::uint64_t count, int depth) {
        require(count <= max_arrays - walk_.arrays, "more than ", max_arrays, " arrays");
        // empty ones too: matio keeps a record of each
        walk_.arrays += static_cast<std::size_t>(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            const Tag tag = this->tag();
            require(tag.type == mi_matrix && !tag.packed, "no array in a cell or struct");
            if (tag.size > 0) array(tag.size, depth + 1);
        }
    }

    void data(const Head& head) {
        const Tag tag = this->tag();
        const std::uint32_t width = element_size(tag.type);
        const std::uint64_t needed = head.count * width;
        const bool is_text = head.array_class == mx_char;
        // in UTF-8 a character takes one to four bytes; MATLAB stores numbers in the narrowest type
        // that fits
        const bool fits =
            tag.type == mi_utf8 ? tag.size >= needed && tag.size <= 4 * needed : tag.size == needed;
        require(head.count == 0 || stores(is_text, tag.type), "data of type ", tag.type);
        require(fits, "an array of ", head.count, " elements with ", tag.size, " bytes of data");
        if (tag.packed) return;
        if (head.count < too_many_to_keep) {
            read_over(tag.size);
        } else {
            skip(tag.size);
        }
        read_over(padded(tag.size) - tag.size);
    }

    FileWalk& walk_;
    ByteSource& source_;
    std::uint64_t position_ = 0;
    std::uint64_t end_ = 0;
    std::array<char, 1 << 14> block_{};
};

bool begins_with(const std::string& text, const std::string& beginning) {
    return text.compare(0, beginning.size(), beginning) == 0;
}

/// Throws Error that names the file's actual format, if its first bytes reveal one.
void refuse_foreign(const FileErrorContext& context, const std::string& head) {
    const std::string text = head.substr(0, std::min(head.size(), head.find('\0')));
    const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    context.require(first == std::string::npos || text[first] != '<',
                    "is a page of HTML or XML, not a MATLAB file. Did the server answer with an ",
                    "error page?");
    const bool hdf5 = begins_with(head, "\x89HDF") || begins_with(head, "MATLAB 7.3");
    context.require(!hdf5, "is a MATLAB 7.3 (HDF5) file; expected version 5. In MATLAB, save it ",
                    "again with -v7");
    // version 4 begins with the number MOPT, at most 4052, in either byte order
    const bool version_4 = head.size() >= 4 && text.size() < 4 &&
                           ((head[2] == 0 && head[3] == 0) || (head[0] == 0 && head[1] == 0));
    context.require(!version_4 || head.size() < 20, "looks like a MATLAB 4 file; expected version ",
                    "5. In MATLAB, save it again with -v7");
}

/// Reads the 128 bytes before the first variable and returns their text.
std::string check_header(const FileErrorContext& context, RegularFile& file) {
    constexpr std::size_t header_size = 128;
    constexpr std::size_t text_size = 116;
    context.require(file.size() > 0, "is empty. Was the download interrupted?");
    std::string head(std::min<std::uint64_t>(header_size, file.size()), '\0');
    file.read(head.data(), head.size());
    const bool marked =
        head.size() == header_size && (head.substr(126) == "IM" || head.substr(126) == "MI");
    if (!marked || head[125] != 1 || begins_with(head, "MATLAB 7.3")) refuse_foreign(context, head);
    const bool cut = head.size() < header_size && begins_with(head, "MATLAB");
    context.require(!cut, "ends too early, after ", file.size(),
                    " bytes. Was the download interrupted?");
    context.require(marked, "is not a MATLAB 5 file; it begins with \"",
                    one_line(repaired_utf8(head.substr(0, 20))), "\"");
    context.require(head.substr(126) == "IM", "is big-endian; expected a little-endian file. In ",
                    "MATLAB, save it again with -v7");
    const auto part = [&](std::size_t i) { return int{static_cast<unsigned char>(head[i])}; };
    context.require(part(125) == 1 && part(124) == 0, "has version ", part(125), ".", part(124),
                    "; expected a MATLAB 5 file (1.0)");
    const std::string text = head.substr(0, std::min(text_size, head.find('\0')));
    return one_line(text.substr(0, text.find_last_not_of(" \n") + 1), text_size);
}

/// Walks over the array after a tag and returns its name.
std::string check_variable(FileWalk& walk, ByteSource& source,
                           const std::array<std::uint32_t, 2>& tag) {
    walk.context.require(tag[0] == mi_matrix, "is damaged: variable ", walk.variable,
                         " is no array");
    if (walk.copy == nullptr) return ArrayWalk(walk, source).top(tag[1]);
    walk.copy->write(tag.data(), sizeof tag);
    CopiedBytes copied(source, *walk.copy);
    return ArrayWalk(walk, copied).top(tag[1]);
}

}  // namespace

MatOutline check_mat_file(const FileErrorContext& context, MatScratch* copy) {
    RegularFile file(context, "a MATLAB 5 file");
    FileWalk walk{context, copy};
    MatOutline outline;
    outline.bytes = file.size();
    outline.header = check_header(context, file);
    while (file.left() > 0) {
        context.require(++walk.variable <= max_variables, "holds more than ", max_variables,
                        " variables");
        std::array<std::uint32_t, 2> tag{};
        file.read(tag.data(), sizeof tag);
        context.require(tag[1] <= file.left(), "ends too early: variable ", walk.variable,
                        " needs ", tag[1], " bytes, ", file.left(),
                        " are left. Was the download interrupted?");
        if (tag[0] == mi_compressed) {
            InflatedBytes inflate(context, file, tag[1], walk.inflatable);
            inflate.read(tag.data(), sizeof tag);
            outline.variables.push_back(check_variable(walk, inflate, tag));
            inflate.finish();
        } else {
            outline.variables.push_back(check_variable(walk, file, tag));
        }
    }
    if (copy != nullptr) copy->finish();
    return outline;
}

}  // namespace NST_PRECISION
}  // namespace nst
