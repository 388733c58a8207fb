#include "support/mat5.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace nst_test::mat5 {

namespace {

using Sink = std::function<void(const std::string&)>;

constexpr std::size_t name_length = 32;  // of field names, including the terminating zero
constexpr std::uint32_t packed_at_most = 4;

template <class T>
void append_as(std::string& data, double value) {
    const T number = static_cast<T>(value);
    char bytes_of_it[sizeof number];
    std::memcpy(bytes_of_it, &number, sizeof number);
    data.append(bytes_of_it, sizeof number);
}

void append(std::string& data, std::uint32_t type, double value) {
    switch (type) {
        case mi_int8:
            return append_as<std::int8_t>(data, value);
        case mi_uint8:
        case mi_utf8:
            return append_as<std::uint8_t>(data, value);
        case mi_int16:
            return append_as<std::int16_t>(data, value);
        case mi_uint16:
        case mi_utf16:
            return append_as<std::uint16_t>(data, value);
        case mi_int32:
            return append_as<std::int32_t>(data, value);
        case mi_uint32:
        case mi_utf32:
            return append_as<std::uint32_t>(data, value);
        case mi_single:
            return append_as<float>(data, value);
        case mi_double:
            return append_as<double>(data, value);
        case mi_int64:
            return append_as<std::int64_t>(data, value);
        case mi_uint64:
            return append_as<std::uint64_t>(data, value);
        default:
            throw std::invalid_argument("mat5: no numbers are stored so");
    }
}

std::uint64_t data_size(const Array& array) {
    std::string one;
    append(one, array.stored_as, 0);
    return count_of(array) * one.size();
}

std::uint64_t padded(std::uint64_t size) {
    return (size + 7) / 8 * 8;
}

/// The parts before the data: flags, dimensions, name, and a struct's field names.
std::string preamble(const Array& array, const std::string& name) {
    std::string dims;
    for (const std::uint32_t extent : array.dims) dims += raw(extent);
    std::string text = element(mi_uint32, raw(array.flags | array.array_class) + raw(0));
    if (array.array_class != mx_opaque) text += element(mi_int32, dims);
    text += element(mi_int8, name);
    if (array.array_class != mx_struct || array.body) return text;
    std::string names;
    for (const auto& part : array.parts) {
        std::string padded_name = part.first;
        padded_name.resize(name_length);
        names += padded_name;
    }
    return text + element(mi_int32, raw(name_length)) + element(mi_int8, names);
}

/// The number of bytes of an array after its tag.
std::uint64_t size_of(const Array& array, const std::string& name) {
    if (array.array_class == mx_nothing) return 0;
    std::uint64_t size = preamble(array, name).size();
    if (array.body) return size + array.body->size();
    for (const auto& part : array.parts) size += 8 + size_of(part.second, "");
    if (array.value) {
        const std::uint64_t data = data_size(array);
        size += 8 + (data > 0 && data <= packed_at_most ? 0 : padded(data));
    }
    return size;
}

void write_data(const Array& array, const Sink& sink) {
    constexpr std::size_t block = 1 << 16;
    const std::uint64_t size = data_size(array);
    const std::uint64_t count = count_of(array);
    std::string data;
    if (size <= packed_at_most) {
        for (std::size_t i = 0; i < count; ++i) append(data, array.stored_as, array.value(i));
        sink(element(array.stored_as, data));
        return;
    }
    sink(tag(array.stored_as, static_cast<std::uint32_t>(size)));
    for (std::size_t i = 0; i < count; ++i) {
        append(data, array.stored_as, array.value(i));
        if (data.size() < block) continue;
        sink(data);
        data.clear();
    }
    sink(data + std::string(padded(size) - size, '\0'));
}

void write(const Array& array, const std::string& name, const Sink& sink) {
    sink(tag(mi_matrix, static_cast<std::uint32_t>(size_of(array, name))));
    if (array.array_class == mx_nothing) return;
    sink(preamble(array, name));
    if (array.body) {
        sink(*array.body);
        return;
    }
    for (const auto& part : array.parts) write(part.second, "", sink);
    if (array.value) write_data(array, sink);
}

/// Deflates its input and passes the result on.
class Deflater {
  public:
    explicit Deflater(Sink sink) : sink_(std::move(sink)) {
        if (deflateInit(&stream_, Z_DEFAULT_COMPRESSION) != Z_OK) {
            throw std::runtime_error("mat5: zlib does not start");
        }
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    void put(const std::string& data) { run(data, Z_NO_FLUSH); }
    void finish() { run({}, Z_FINISH); }

  private:
    void run(const std::string& data, int flush) {
        std::string room(1 << 16, '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
        stream_.avail_in = static_cast<uInt>(data.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(room.data());
            stream_.avail_out = static_cast<uInt>(room.size());
            deflate(&stream_, flush);
            sink_(room.substr(0, room.size() - stream_.avail_out));
        } while (stream_.avail_out == 0);
    }

    Sink sink_;
    z_stream stream_{};
};

}  // namespace

std::uint64_t count_of(const Array& array) {
    std::uint64_t count = 1;
    for (const std::uint32_t extent : array.dims) count *= extent;
    return count;
}

Array numbers(std::uint32_t array_class, std::uint32_t stored_as, std::vector<std::uint32_t> dims,
              std::function<double(std::size_t)> value) {
    return {array_class, 0, std::move(dims), stored_as, std::move(value)};
}

Array numbers(std::uint32_t array_class, std::uint32_t stored_as, std::vector<std::uint32_t> dims,
              const std::vector<double>& values) {
    return numbers(array_class, stored_as, std::move(dims),
                   [values](std::size_t i) { return values.at(i); });
}

Array row(const std::vector<double>& values) {
    const bool narrow = std::all_of(values.begin(), values.end(), [](double v) {
        return v >= 0 && v <= 255 && v == static_cast<double>(static_cast<int>(v));
    });
    return numbers(mx_double, narrow ? mi_uint8 : mi_double,
                   {1, static_cast<std::uint32_t>(values.size())}, values);
}

Array logical(bool value) {
    Array array = numbers(mx_uint8, mi_uint8, {1, 1}, {value ? 1.0 : 0.0});
    array.flags = logical_flag;
    return array;
}

Array text(const std::string& ascii, std::uint32_t stored_as) {
    return {mx_char,
            0,
            {ascii.empty() ? 0u : 1u, static_cast<std::uint32_t>(ascii.size())},
            stored_as,
            [ascii](std::size_t i) {
                return static_cast<double>(static_cast<unsigned char>(ascii[i]));
            }};
}

Array cell(const std::vector<Array>& elements) {
    const auto count = static_cast<std::uint32_t>(elements.size());
    Array array{mx_cell, 0, {count == 0 ? 0u : 1u, count}};
    for (const Array& one : elements) array.parts.emplace_back("", one);
    return array;
}

Array structure(Named fields) {
    Array array{mx_struct, 0, {1, 1}};
    array.parts = std::move(fields);
    return array;
}

namespace {

Named::iterator find_field(Array& structure, const std::string& name) {
    const auto found = std::find_if(structure.parts.begin(), structure.parts.end(),
                                    [&](const auto& part) { return part.first == name; });
    if (found == structure.parts.end()) throw std::out_of_range("mat5: no field " + name);
    return found;
}

}  // namespace

Array& field(Array& structure, const std::string& name) {
    return find_field(structure, name)->second;
}

void remove_field(Array& structure, const std::string& name) {
    structure.parts.erase(find_field(structure, name));
}

std::string raw(std::uint32_t number) {
    std::string text(sizeof number, '\0');
    std::memcpy(text.data(), &number, sizeof number);
    return text;
}

std::string tag(std::uint32_t type, std::uint32_t size) {
    return raw(type) + raw(size);
}

std::string element(std::uint32_t type, const std::string& data) {
    const auto size = static_cast<std::uint32_t>(data.size());
    if (size > 0 && size <= packed_at_most) {
        return raw(type | size << 16) + data + std::string(packed_at_most - size, '\0');
    }
    return tag(type, size) + data + std::string(padded(size) - size, '\0');
}

std::string bytes(const Array& array, const std::string& name) {
    std::string all;
    write(array, name, [&](const std::string& piece) { all += piece; });
    return all;
}

std::string compressed(const std::string& variable) {
    std::string all;
    Deflater deflater([&](const std::string& piece) { all += piece; });
    deflater.put(variable);
    deflater.finish();
    return tag(mi_compressed, static_cast<std::uint32_t>(all.size())) + all;
}

std::string header(const std::string& text) {
    std::string all = text;
    all.resize(116, ' ');
    all.resize(124, '\0');
    return all + std::string("\x00\x01IM", 4);
}

std::string file(const Named& variables, bool is_compressed) {
    std::string all = header();
    for (const auto& [name, array] : variables) {
        const std::string variable = bytes(array, name);
        all += is_compressed ? compressed(variable) : variable;
    }
    return all;
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("mat5: cannot write " + path.string());
}

std::uint64_t stream_file(const std::filesystem::path& path, const Named& variables,
                          bool is_compressed) {
    std::ofstream out(path, std::ios::binary);
    const Sink sink = [&](const std::string& piece) { out << piece; };
    sink(header());
    for (const auto& [name, array] : variables) {
        if (!is_compressed) {
            write(array, name, sink);
            continue;
        }
        const std::streamoff start = out.tellp();
        sink(tag(mi_compressed, 0));
        Deflater deflater(sink);
        write(array, name, [&](const std::string& piece) { deflater.put(piece); });
        deflater.finish();
        const std::streamoff end = out.tellp();
        out.seekp(start + 4);  // the size is known only now
        sink(raw(static_cast<std::uint32_t>(end - start - 8)));
        out.seekp(end);
    }
    if (!out.flush()) throw std::runtime_error("mat5: cannot write " + path.string());
    return static_cast<std::uint64_t>(out.tellp());
}

}  // namespace nst_test::mat5
