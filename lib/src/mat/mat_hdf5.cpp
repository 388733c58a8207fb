#include "mat/mat_hdf5.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "mat/hdf5_dataset.hpp"
#include "mat/mat_skipped.hpp"
#include "mat/mat_types.hpp"
#include "system/memory.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// HDF5's caches, and its record of everything that is open at once.
constexpr std::size_t hdf5_memory = std::size_t{1} << 24;

/// Opens the file that is open already: its name may refer to another one by now.
Hdf5Handle open_file(const FileErrorContext& context, const RegularFile& file) {
    const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_fapl_sec2(access.id());
    H5Pset_file_locking(access.id(), false, true);  // a file on a read-only system has no locks
    std::string name = "/proc/self/fd/" + std::to_string(fileno(file.stream()));
    if (::access(name.c_str(), R_OK) != 0) name = context.file.string();
    return {H5Fopen(name.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose};
}

struct Links {
    std::vector<std::string> names;
    std::size_t most;
    bool is_complete = true;
};

/// Collects the names in a group; an exception must not pass through HDF5.
herr_t collect(hid_t, const char* name, const H5L_info_t*, void* data) noexcept {
    auto& links = *static_cast<Links*>(data);
    try {
        if (links.names.size() < links.most) {
            links.names.emplace_back(name);
            return 0;
        }
    } catch (...) {  // no memory
    }
    links.is_complete = false;
    return 1;
}

/// Writes the parts of an array of version 5.
class ArrayWriter {
  public:
    explicit ArrayWriter(MatScratch& copy) : copy_(copy) {}

    void head(std::uint32_t flags, const std::vector<std::uint64_t>& shape,
              const std::string& name) {
        const std::array<std::uint32_t, 2> bits{flags, 0};
        const std::vector<std::uint32_t> dimensions(shape.begin(), shape.end());
        element(mi_uint32, bits.data(), sizeof bits);
        element(mi_int32, dimensions.data(), dimensions.size() * sizeof(std::uint32_t));
        element(mi_int8, name.data(), name.size());
    }
    void field_names(const std::vector<std::string>& names) {
        constexpr std::uint32_t length = longest_name + 1;
        const std::array<std::uint32_t, 2> packed{mi_int32 | 4u << 16, length};
        copy_.write(packed.data(), sizeof packed);
        std::string table;
        for (const std::string& name : names) {
            table += name;
            table.resize((table.size() / length + 1) * length, '\0');
        }
        element(mi_int8, table.data(), table.size());
    }
    void element(std::uint32_t type, const void* data, std::size_t size) {
        tag(type, size);
        if (size > 0) copy_.write(data, size);
        const std::array<char, 8> zeros{};
        copy_.write(zeros.data(), padding(size));
    }
    /// Numbers that nobody will read.
    void hole(std::uint64_t size) {
        tag(mi_uint8, size);
        copy_.leave_out(size + padding(size));
    }

  private:
    static std::size_t padding(std::uint64_t size) { return (8 - size % 8) % 8; }
    void tag(std::uint32_t type, std::uint64_t size) {
        const std::array<std::uint32_t, 2> tag{type, static_cast<std::uint32_t>(size)};
        copy_.write(tag.data(), sizeof tag);
    }

    MatScratch& copy_;
};

struct ClassName {
    const char* name;
    std::uint32_t flags;  ///< class and flags of version 5
};
constexpr std::array<ClassName, 14> classes = {{{"cell", mx_cell},
                                                {"struct", mx_struct},
                                                {"char", mx_char},
                                                {"logical", mx_uint8 | logical_flag},
                                                {"double", mx_double},
                                                {"single", mx_single},
                                                {"int8", mx_int8},
                                                {"uint8", mx_uint8},
                                                {"int16", mx_int16},
                                                {"uint16", mx_uint16},
                                                {"int32", mx_int32},
                                                {"uint32", mx_uint32},
                                                {"int64", mx_int64},
                                                {"uint64", mx_uint64}}};

/// Returns class and flags of version 5, or 0 for a class that nst has no use for.
std::uint32_t class_of(const std::string& name) {
    for (const ClassName& each : classes) {
        if (name == each.name) return each.flags;
    }
    return 0;
}

/// Walks over the objects of a file and writes them to the copy.
class Hdf5Walk {
  public:
    Hdf5Walk(const FileErrorContext& context, std::uint64_t file_size, MatScratch& copy)
        : context_(context), copy_(copy), writer_(copy), budget_{file_size} {}

    void variables(hid_t root, MatOutline& outline) {
        const Links links = links_of(root, max_variables, "its variables");
        context_.require(links.is_complete, "holds more than ", max_variables, " variables");
        for (const std::string& name : links.names) {
            if (name.empty() || name.front() == '#') continue;  // #refs# and #subsystem#
            const bool is_name = name.size() <= longest_name;
            const Hdf5Handle object = open_object(root, name);
            if (!is_name || !object || H5Iget_type(object.id()) == H5I_DATATYPE) continue;
            has_layers_ = false;
            array(object, name, name, 0);
            outline.variables.push_back(name);
            if (has_layers_) outline.with_layers.push_back(name);
        }
    }

  private:
    Links links_of(hid_t group, std::size_t most, const std::string& path) {
        Links links{{}, most};
        const herr_t status =
            H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect, &links);
        context_.require(status >= 0, "is damaged at ", path, ": its links cannot be read");
        return links;
    }

    /// Writes an object as an array with its tag.
    /// @param name  of a variable, else ""
    void array(const Hdf5Handle& object, const std::string& name, const std::string& path,
               int depth) {
        const std::uint64_t begin = copy_.begin_array();
        const MatScratch::Mark start = copy_.mark();
        std::string unread = depth > deepest ? "an array nested deeper than 16 levels"
                                             : contents(object, name, path, depth);
        if (!unread.empty()) {
            copy_.go_back(start);
            write_skipped(copy_, name, unread);
        }
        copy_.end_array(begin);
    }

    /// @return what the array is, if it is to be skipped
    std::string contents(const Hdf5Handle& object, const std::string& name, const std::string& path,
                         int depth) {
        const std::string class_name = text_attribute(object.id(), "MATLAB_class");
        if (has_attribute(object.id(), "MATLAB_sparse")) return "a sparse matrix";
        if (class_name == "function_handle") return "a function handle";
        const bool is_object = has_attribute(object.id(), "MATLAB_object_decode") ||
                               (!class_name.empty() && class_of(class_name) == 0);
        if (is_object) return "an object of class " + one_line(class_name);
        switch (H5Iget_type(object.id())) {
            case H5I_GROUP:
                return group(object.id(), class_name, name, path, depth);
            case H5I_DATASET:
                return dataset(object.id(), class_name, name, path, depth);
            default:
                return "neither an array nor a struct";
        }
    }

    std::string group(hid_t id, const std::string& class_name, const std::string& name,
                      const std::string& path, int depth) {
        if (!class_name.empty() && class_name != "struct") return "a group of class " + class_name;
        const Links links = links_of(id, max_fields - fields_, path);
        if (!links.is_complete) return "more than 16384 fields";
        std::vector<std::string> names;
        for (const std::string& field : links.names) {
            const bool is_name = !field.empty() && field.size() <= longest_name;
            if (is_name && field.front() != '#') names.push_back(field);
        }
        for (const std::string& field : names) {
            if (is_struct_array(open_object(id, field))) return "an array of structs";
        }
        if (!claim(names.size())) return "more than 16384 arrays";
        fields_ += names.size();
        writer_.head(mx_struct, {1, 1}, name);
        writer_.field_names(names);
        for (const std::string& field : names) {
            has_layers_ = has_layers_ || (depth == 0 && field == "layers");
            element(open_object(id, field), path + "." + field, depth + 1);
        }
        return {};
    }

    /// In an array of structs each field is a dataset of references, one for each element.
    static bool is_struct_array(const Hdf5Handle& field) {
        if (!field || H5Iget_type(field.id()) != H5I_DATASET) return false;
        const Hdf5Handle type(H5Dget_type(field.id()), H5Tclose);
        return type && H5Tget_class(type.id()) == H5T_REFERENCE &&
               !has_attribute(field.id(), "MATLAB_class");
    }

    /// Writes what a link or a reference leads to.
    void element(const Hdf5Handle& object, const std::string& path, int depth) {
        if (object) return array(object, "", path, depth);
        const std::uint64_t begin = copy_.begin_array();
        write_skipped(copy_, "", "a link to another place");
        copy_.end_array(begin);
    }

    std::string dataset(hid_t id, const std::string& class_name, const std::string& name,
                        const std::string& path, int depth) {
        const Hdf5Dataset data(context_, id, path);
        std::string unread = data.unread();
        if (!unread.empty()) return unread;
        if (number_attribute(id, "MATLAB_empty", 0) != 0) {
            return empty(data, class_of(class_name), name, path);
        }
        if (data.shape().size() > max_dimensions) return "an array of more than 8 dimensions";
        if (data.count() >= Hdf5Dataset::too_many) return "an array of 2^31 elements or more";
        if (class_name == "cell") return cell(data, name, path, depth);
        if (data.stored_as() == 0 || class_name == "struct") {
            return "an array of numbers of an unknown kind";
        }
        std::uint32_t flags = class_of(class_name);
        if (flags == 0) flags = data.stored_as() == mi_single ? mx_single : mx_double;
        const std::uint32_t type = data.stored_as();
        if (flags == mx_char && type != mi_uint8 && type != mi_uint16) {
            return "text of type " + std::to_string(type);
        }
        if (data.count() >= too_many_to_keep) return hole(data, flags, name);
        require_memory(hdf5_memory + 2 * data.count() * sizeof(double));
        const std::vector<char> numbers = data.numbers(budget_);
        writer_.head(flags, data.shape(), name);
        writer_.element(type, numbers.data(), numbers.size());
        return {};
    }

    /// Writes an array whose numbers nobody will read, one byte for each.
    std::string hole(const Hdf5Dataset& data, std::uint32_t flags, const std::string& name) {
        holes_ += data.count();
        if (flags == mx_char || holes_ > largest_array / 2) return "an array too large to keep";
        writer_.head(flags, data.shape(), name);
        writer_.hole(data.count());
        return {};
    }

    /// Writes an array without elements: the dataset holds its dimensions.
    std::string empty(const Hdf5Dataset& data, std::uint32_t flags, const std::string& name,
                      const std::string& path) {
        if (data.stored_as() != mi_uint64 || data.count() < 2 || data.count() > max_dimensions) {
            return "an empty array without dimensions";
        }
        const std::vector<char> bytes = data.numbers(budget_);
        std::vector<std::uint64_t> shape(data.count());
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(shape.data()));
        const bool is_empty = std::find(shape.begin(), shape.end(), 0u) != shape.end();
        context_.require(is_empty, "is damaged at ", path, ": an empty array of ",
                         shape_text(shape));
        for (const std::uint64_t extent : shape) {
            if (extent > largest_array) return "an empty array of 2^31 rows or more";
        }
        if (flags == 0) flags = mx_double;
        writer_.head(flags, shape, name);
        if (flags == mx_struct) writer_.field_names({});
        if (flags != mx_struct && flags != mx_cell) writer_.element(mi_uint8, nullptr, 0);
        return {};
    }

    std::string cell(const Hdf5Dataset& data, const std::string& name, const std::string& path,
                     int depth) {
        if (!data.is_reference()) return "a cell without references";
        if (!claim(data.count())) return "more than 16384 arrays";
        writer_.head(mx_cell, data.shape(), name);
        std::uint64_t index = 0;
        for (const hobj_ref_t& reference : data.references(budget_)) {
            const std::string at = path + "{" + std::to_string(++index) + "}";
            const Hdf5Handle object(H5Rdereference2(data.id(), H5P_DEFAULT, H5R_OBJECT, &reference),
                                    H5Oclose);
            context_.require(reference == 0 || object, "is damaged at ", at,
                             ": a reference to nothing");
            element(object, at, depth + 1);
        }
        return {};
    }

    /// Counts nested arrays. @return whether there may be so many
    bool claim(std::uint64_t count) {
        if (count > max_arrays - arrays_) return false;
        arrays_ += static_cast<std::size_t>(count);
        return true;
    }

    const FileErrorContext& context_;
    MatScratch& copy_;
    ArrayWriter writer_;
    Hdf5Budget budget_;
    std::size_t arrays_ = 0;
    std::size_t fields_ = 0;
    std::uint64_t holes_ = 0;  ///< bytes
    bool has_layers_ = false;  ///< whether the variable is a struct with a field `layers`
};

}  // namespace

void copy_hdf5(const FileErrorContext& context, const RegularFile& file, MatScratch& copy,
               MatOutline& outline) {
    require_memory(hdf5_memory);
    const Hdf5Session session;
    const Hdf5Handle opened = open_file(context, file);
    context.require(static_cast<bool>(opened), "is a MATLAB 7.3 (HDF5) file, but damaged or ",
                    "incomplete. Was the download interrupted?");
    const Hdf5Handle root(H5Gopen2(opened.id(), "/", H5P_DEFAULT), H5Gclose);
    context.require(static_cast<bool>(root), "is a MATLAB 7.3 (HDF5) file, but damaged: it has no ",
                    "variables");
    Hdf5Walk(context, file.size(), copy).variables(root.id(), outline);
    copy.finish();
}

}  // namespace NST_PRECISION
}  // namespace nst
