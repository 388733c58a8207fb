#include "mat/mat_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "mat/mat_bytes.hpp"
#include "mat/mat_hdf5.hpp"
#include "mat/mat_skipped.hpp"
#include "mat/mat_text.hpp"
#include "mat/mat_types.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint64_t largest_inflated = std::uint64_t{1} << 32;

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
    std::uint32_t array_class = 0;
    bool is_complex = false;
    std::uint64_t count = 0;  ///< number of elements
    std::string name;
    std::string unread;  ///< what it is, if it is to be skipped
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
/// and arrays that nst has no use for are replaced in the copy; everything else is read.
class ArrayWalk {
  public:
    ArrayWalk(FileWalk& walk, ByteSource& source)
        : walk_(walk), source_(source), copy_(walk.copy) {}

    /// Walks over a variable, after the tag before it has been read, and adds it to the outline.
    /// @param size  the size in that tag
    void top(std::uint32_t size, MatOutline& outline) {
        const std::optional<MatScratch::Mark> before = mark();
        begin_ = copy_ != nullptr ? copy_->begin_array() : 0;
        end_ = size;
        const std::string name = array(size, 0);
        if (!name.empty()) {
            outline.variables.push_back(name);
            if (has_layers_) outline.with_layers.push_back(name);
        } else if (before) {
            copy_->go_back(*before);  // MATLAB's own data for objects, or something foreign
        }
    }

  private:
    template <class... Parts>
    void require(bool condition, const Parts&... parts) const {
        walk_.context.require(condition, "is damaged or foreign: byte ", position_, " of variable ",
                              walk_.variable, ": ", parts...);
    }

    std::optional<MatScratch::Mark> mark() const {
        if (copy_ == nullptr) return std::nullopt;
        return copy_->mark();
    }
    void claim(std::uint64_t size) {
        require(size <= end_ - position_, size, " bytes announced where ", end_ - position_,
                " are left");
    }
    void read(void* to, std::size_t size) {
        claim(size);
        source_.read(to, size);
        position_ += size;
        if (copy_ != nullptr) copy_->write(to, size);
    }
    /// Goes on without a copy.
    void pass(std::uint64_t size) {
        claim(size);
        source_.skip(size);
        position_ += size;
    }
    void skip(std::uint64_t size) {
        pass(size);
        if (copy_ != nullptr) copy_->leave_out(size);
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
    /// @return its name
    std::string array(std::uint32_t size, int depth) {
        claim(size);
        const std::uint64_t outer_end = end_;
        const std::uint64_t outer_begin = begin_;
        end_ = position_ + size;
        const std::optional<MatScratch::Mark> start = mark();
        if (start && depth > 0) begin_ = start->size;
        Head head = read_head();
        require(depth == 0 || head.name.empty() || !head.unread.empty(),
                "a name on a nested array");
        if (head.unread.empty()) head.unread = contents(head, size, depth);
        if (!head.unread.empty()) {
            pass(end_ - position_);
            if (start) {
                copy_->go_back(*start);
                write_skipped(*copy_, depth == 0 ? head.name : "", head.unread);
            }
        }
        require(position_ == end_, end_ - position_, " bytes after the end of an array");
        // the tag before a nested array has been copied
        if (start && (depth == 0 || copy_->mark().size - begin_ != size)) copy_->end_array(begin_);
        end_ = outer_end;
        begin_ = outer_begin;
        return head.name;
    }

    /// Walks over what follows an array's name. @return what the array is, if it is to be skipped
    std::string contents(const Head& head, std::uint32_t size, int depth) {
        if (size > largest_array) return "an array beyond 2 GiB";
        if (depth > deepest) return "an array nested deeper than 16 levels";
        if (depth == 0 && head.name.empty()) return "a variable without a name";
        if (head.array_class == mx_cell) return elements(head.count, depth);
        if (head.array_class == mx_struct) {
            const std::optional<std::uint64_t> each = fields(depth);
            return each ? elements(head.count * *each, depth) : too_many("fields", max_fields);
        }
        std::string unread = data(head);
        if (unread.empty() && head.is_complex) unread = data(head);
        return unread;
    }

    static std::string too_many(const char* parts, std::size_t most) {
        return "more than " + std::to_string(most) + " " + parts;
    }

    Head read_head() {
        const Tag flags = tag();
        require(flags.type == mi_uint32 && flags.size == 8 && !flags.packed, "no array flags");
        const std::uint32_t bits = number();
        number();  // used only by sparse arrays
        Head head;
        head.array_class = bits & 0xff;
        head.is_complex = (bits & complex_flag) != 0;
        const bool is_number = head.array_class >= mx_double && head.array_class <= mx_last_number;
        if (!is_number && head.array_class != mx_cell && head.array_class != mx_struct &&
            head.array_class != mx_char) {
            read_unread(head);
            return head;
        }
        read_count(head);
        head.name = read_name();
        return head;
    }

    /// Reads the name, and what it is, of an array of a class that nst has no use for.
    void read_unread(Head& head) {
        constexpr std::uint64_t enough = 256;
        std::string bytes(std::min(enough, end_ - position_), '\0');
        read(bytes.data(), bytes.size());
        UnreadArray unread = unread_array(head.array_class, bytes);
        head.unread = std::move(unread.what);
        head.name = std::move(unread.name);
    }

    /// Reads the dimensions and their product, which fits in 31 bits.
    void read_count(Head& head) {
        const Tag tag = this->tag();
        require(tag.type == mi_int32 && !tag.packed && tag.size % 4 == 0 && tag.size >= 8,
                "no dimensions");
        claim(padded(tag.size));
        if (tag.size > 4 * max_dimensions) {
            head.unread = "an array of more than 8 dimensions";
            read_over(padded(tag.size));
            return;
        }
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
        head.count = is_empty ? 0 : count;
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

    /// Reads a struct's table of field names.
    /// @return how many fields there are; nothing when there are too many
    std::optional<std::uint64_t> fields(int depth) {
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
        if (count > max_fields - walk_.fields) return std::nullopt;
        walk_.fields += count;
        claim(names.size);
        std::array<char, longest_name + 1> name{};
        for (std::uint32_t i = 0; i < count; ++i) {
            read(name.data(), length);
            const std::string field(name.data(), std::find(name.begin(), name.end(), '\0'));
            has_layers_ = has_layers_ || (depth == 0 && field == "layers");
        }
        read_over(padded(names.size) - names.size);
        return count;
    }

    /// Walks over the arrays inside a cell or a struct.
    /// @return what this is, when there are too many
    std::string elements(std::uint64_t count, int depth) {
        if (count > max_arrays - walk_.arrays) return too_many("arrays", max_arrays);
        // empty ones too: matio keeps a record of each
        walk_.arrays += static_cast<std::size_t>(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            const Tag tag = this->tag();
            require(tag.type == mi_matrix && !tag.packed, "no array in a cell or struct");
            if (tag.size > 0) array(tag.size, depth + 1);
        }
        return {};
    }

    /// @return what this is, when it is stored in a type that is not read
    std::string data(const Head& head) {
        const Tag tag = this->tag();
        const std::uint32_t width = element_size(tag.type);
        const std::uint64_t needed = head.count * width;
        const bool is_text = head.array_class == mx_char;
        if (head.count > 0 && !stores(is_text, tag.type)) {
            return (is_text ? "text of type " : "numbers of type ") + std::to_string(tag.type);
        }
        // in UTF-8 a character takes one to four bytes; MATLAB stores numbers in the narrowest type
        // that fits
        const bool fits =
            tag.type == mi_utf8 ? tag.size >= needed && tag.size <= 4 * needed : tag.size == needed;
        require(fits, "an array of ", head.count, " elements with ", tag.size, " bytes of data");
        if (tag.packed) return {};
        if (head.count < too_many_to_keep) {
            read_over(tag.size);
        } else {
            skip(tag.size);
        }
        read_over(padded(tag.size) - tag.size);
        return {};
    }

    FileWalk& walk_;
    ByteSource& source_;
    MatScratch* copy_;
    std::uint64_t position_ = 0;
    std::uint64_t end_ = 0;    ///< of the array at hand
    std::uint64_t begin_ = 0;  ///< where it begins in the copy, after its tag
    bool has_layers_ = false;  ///< whether the variable is a struct with a field `layers`
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
    // version 4 begins with the number MOPT, at most 4052, in either byte order
    const bool version_4 = head.size() >= 4 && text.size() < 4 &&
                           ((head[2] == 0 && head[3] == 0) || (head[0] == 0 && head[1] == 0));
    context.require(!version_4 || head.size() < 20, "looks like a MATLAB 4 file; expected version ",
                    "5. In MATLAB, save it again with -v7");
}

/// Returns the text at the beginning of the first 128 bytes, trimmed.
std::string header_text(const std::string& head) {
    constexpr std::size_t text_size = 116;
    const std::string text = head.substr(0, std::min(text_size, head.find('\0')));
    return one_line(text.substr(0, text.find_last_not_of(" \n") + 1), text_size);
}

struct Header {
    std::string text;
    bool is_hdf5 = false;
};

/// Reads the 128 bytes before the first variable.
Header check_header(const FileErrorContext& context, RegularFile& file) {
    constexpr std::size_t header_size = 128;
    context.require(file.size() > 0, "is empty. Was the download interrupted?");
    std::string head(std::min<std::uint64_t>(header_size, file.size()), '\0');
    file.read(head.data(), head.size());
    const bool marked =
        head.size() == header_size && (head.substr(126) == "IM" || head.substr(126) == "MI");
    if (begins_with(head, "\x89HDF\r\n\x1a\n")) return {"HDF5", true};
    // version 7.3: in little-endian files the version is 2.0
    if (marked && (begins_with(head, "MATLAB 7.3") || head[125] == 2)) {
        return {header_text(head), true};
    }
    if (!marked || head[125] != 1) refuse_foreign(context, head);
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
    return {header_text(head), false};
}

/// Walks over the array after a tag.
void check_variable(FileWalk& walk, ByteSource& source, const std::array<std::uint32_t, 2>& tag,
                    MatOutline& outline) {
    walk.context.require(tag[0] == mi_matrix, "is damaged: variable ", walk.variable,
                         " is no array");
    ArrayWalk(walk, source).top(tag[1], outline);
}

/// Walks over all variables of a version 5 file, after its header.
void check_variables(const FileErrorContext& context, RegularFile& file, MatScratch* copy,
                     MatOutline& outline) {
    FileWalk walk{context, copy};
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
            check_variable(walk, inflate, tag, outline);
            inflate.finish();
        } else {
            check_variable(walk, file, tag, outline);
        }
    }
    if (copy != nullptr) copy->finish();
}

}  // namespace

MatOutline check_mat_file(const FileErrorContext& context, MatScratch* copy) {
    RegularFile file(context, "a MATLAB file");
    MatOutline outline;
    outline.bytes = file.size();
    const Header header = check_header(context, file);
    outline.header = header.text;
    if (!header.is_hdf5) {
        check_variables(context, file, copy, outline);
    } else if (copy != nullptr) {
        copy_hdf5(context, file, *copy, outline);
    } else {
        MatScratch unused(context);
        copy_hdf5(context, file, unused, outline);
    }
    return outline;
}

}  // namespace NST_PRECISION
}  // namespace nst
