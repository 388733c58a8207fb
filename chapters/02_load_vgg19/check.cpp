#include "02_load_vgg19/check.hpp"

#include <algorithm>
#include <cstring>

#include "by_hand.hpp"

namespace check_02 {

namespace {

using course::Result;
using course::Value;
using nst::Filters;
using Numbers = std::vector<double>;

// ---- pieces of a file ----

constexpr std::size_t int8 = 1, int32 = 5, uint32 = 6, single = 7, real = 9;  // kinds
constexpr std::size_t uint16 = 4, matrix = 14;

template <class Number>
Bytes bytes_of(const std::vector<Number>& numbers) {
    Bytes bytes(numbers.size() * sizeof(Number));
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

Bytes letters(const std::string& word) {
    return {word.begin(), word.end()};
}

Bytes joined(const std::vector<Bytes>& pieces) {
    Bytes all;
    for (const Bytes& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
    return all;
}

// An element with its tag, filled up to 8 bytes. What is short goes into the tag, as MATLAB does.
Bytes element(std::size_t kind, const Bytes& data) {
    const auto size = static_cast<std::uint32_t>(data.size());
    const auto number = static_cast<std::uint32_t>(kind);
    const bool fits = size > 0 && size <= 4;
    Bytes bytes = fits ? joined({bytes_of<std::uint32_t>({number | size << 16}), data})
                       : joined({bytes_of<std::uint32_t>({number, size}), data});
    bytes.resize((bytes.size() + 7) / 8 * 8);
    return bytes;
}

// An array of that type with no name, as what is inside of another one.
Bytes array(std::uint32_t type, const std::vector<std::int32_t>& shape,
            const std::vector<Bytes>& contents, const std::string& name = "") {
    std::vector<Bytes> pieces = {element(uint32, bytes_of<std::uint32_t>({type, 0})),
                                 element(int32, bytes_of(shape)), element(int8, letters(name))};
    pieces.insert(pieces.end(), contents.begin(), contents.end());
    return element(matrix, joined(pieces));
}

Bytes doubles(const std::vector<std::int32_t>& shape, const Numbers& numbers,
              const std::string& name = "") {
    return array(6, shape, {element(real, bytes_of(numbers))}, name);
}

Bytes text(const std::string& word) {
    const std::vector<std::uint16_t> units(word.begin(), word.end());
    return array(4, {1, static_cast<std::int32_t>(word.size())},
                 {element(uint16, bytes_of(units))});
}

// A struct with the two fields `name` and `type`, in names of that many bytes each.
Bytes structure(const Bytes& name, const Bytes& type, std::size_t length) {
    Bytes names(2 * length);
    std::copy_n("name", 4, names.begin());
    std::copy_n("type", 4, names.begin() + static_cast<std::ptrdiff_t>(length));
    return array(2, {1, 1},
                 {element(int32, bytes_of<std::int32_t>({static_cast<std::int32_t>(length)})),
                  element(int8, names), name, type});
}

// ---- element_at ----

Result result_of(const Tag& tag) {
    const auto value = [](const char* name, std::size_t number) {
        return Value::of(name, static_cast<double>(number));
    };
    return {value("kind", tag.kind), value("size", tag.size), value("data", tag.data),
            value("next", tag.next)};
}

Tag right_tag(const Bytes& bytes, std::size_t place) {
    const by_hand::Element e = by_hand::element_at(bytes, place);
    return {e.kind, e.size, e.data, e.next};
}

bool is_short(const Bytes& bytes, std::size_t place) {
    return right_tag(bytes, place).data == place + 4;
}

course::Function element_at(const Functions& yours) {
    const auto call = [](auto function) {
        return [=](const Bytes& bytes, double place) {
            return result_of(function(bytes, static_cast<std::size_t>(place)));
        };
    };
    course::Trial<Bytes, double> trial("element_at", call(yours.element_at), call(right_tag),
                                       {"bytes", "place"});
    const auto suspect = [&](const char* words, auto change) {
        trial.suspect(words, call([=](const Bytes& bytes, std::size_t place) {
                          Tag tag = right_tag(bytes, place);
                          change(tag, is_short(bytes, place), place);
                          return tag;
                      }));
    };
    suspect("the data are not filled up: the next tag is at a multiple of 8 bytes from the data",
            [](Tag& tag, bool is_short, std::size_t place) {
                if (!is_short) tag.next = place + 8 + tag.size;
            });
    suspect("kind and size of a short one are exchanged: the kind is in the lower 16 bits",
            [](Tag& tag, bool is_short, std::size_t) {
                if (is_short) std::swap(tag.kind, tag.size);
            });
    suspect("the data of a short one are in the tag's second half, from its fifth byte on",
            [](Tag& tag, bool is_short, std::size_t place) {
                if (is_short) tag.data = place + 8;
            });
    suspect("the next tag is counted without this one's 8 bytes",
            [](Tag& tag, bool, std::size_t) { tag.next -= 8; });
    suspect("data and next are counted from the tag: the place is in them too",
            [](Tag& tag, bool, std::size_t place) {
                tag.data -= place;
                tag.next -= place;
            });
    trial.trait(
        {"tags with the data after them",
         "what is different when the data are in the tag, and the upper 16 bits not 0?", ""},
        [](const Bytes& bytes, double place) {
            return !is_short(bytes, static_cast<std::size_t>(place));
        });
    trial.on("two doubles", element(real, bytes_of<double>({1, 2})), 0);
    trial.on("five letters, filled up", element(int8, letters("layer")), 0);
    trial.on("no bytes at all", element(int8, {}), 0);
    trial.on("four bytes, in the tag", element(int32, bytes_of<std::int32_t>({3})), 0);
    trial.on("the one after it",
             joined({element(int32, bytes_of<std::int32_t>({3})),
                     element(single, bytes_of<float>({1, 2, 3}))}),
             8);
    return trial.function;
}

// ---- numbers_of ----

Numbers right_numbers(const Bytes& bytes, const Tag& tag) {
    return by_hand::numbers_of(bytes, {tag.kind, tag.size, tag.data, tag.next});
}

course::Function numbers_of(const Functions& yours) {
    const auto call = [](auto function) {
        return [=](const Bytes& bytes) { return function(bytes, right_tag(bytes, 0)); };
    };
    course::Trial<Bytes> trial("numbers_of", call(yours.numbers_of), call(right_numbers),
                               {"bytes, tag included"});
    trial.suspect("every number is read as one byte", call([](const Bytes& bytes, Tag tag) {
                      tag.kind = int8;
                      return right_numbers(bytes, tag);
                  }));
    trial.suspect("32-bit integers are read as if they had no sign",
                  call([](const Bytes& bytes, const Tag& tag) {
                      Numbers numbers = right_numbers(bytes, tag);
                      for (double& number : numbers) {
                          if (tag.kind == int32 && number < 0) number += 4294967296.0;
                      }
                      return numbers;
                  }));
    trial.suspect("only the first number is read", call([](const Bytes& bytes, const Tag& tag) {
                      Numbers numbers = right_numbers(bytes, tag);
                      numbers.resize(std::min<std::size_t>(1, numbers.size()));
                      return numbers;
                  }));
    trial.suspect(
        "the size counts bytes, not numbers: there are more numbers here than bytes for "
        "them",
        call([](const Bytes& bytes, Tag tag) {
            constexpr std::array<std::size_t, 10> widths = {1, 1, 1, 2, 2, 4, 4, 4, 1, 8};
            tag.size *= widths.at(tag.kind);
            return right_numbers(bytes, tag);
        }));
    // What follows in the file, so that a step too far reads something.
    const auto in_a_file = [](const Bytes& piece) {
        return joined({piece, Bytes(8 * piece.size(), 7)});
    };
    trial.on("two doubles", in_a_file(element(real, bytes_of<double>({0.5, -3}))));
    trial.on("three floats", in_a_file(element(single, bytes_of<float>({0.25F, -1.5F, 8}))));
    trial.on("a shape", in_a_file(element(int32, bytes_of<std::int32_t>({3, 3, 64, 300}))));
    trial.on("a negative integer", in_a_file(element(int32, bytes_of<std::int32_t>({-2}))));
    trial.on("letters of 16 bits", in_a_file(element(uint16, bytes_of<std::uint16_t>({99, 311}))));
    trial.on("letters of 8 bits", in_a_file(element(int8, letters("layers"))));
    trial.on("nothing", in_a_file(element(int8, {})));
    return trial.function;
}

// ---- read_array ----

// A tree as values, each named by the way to it.
void add_values(const Tree& tree, const std::string& path, Result& result) {
    Numbers fields;
    for (const std::string& field : tree.fields) {
        fields.insert(fields.end(), field.begin(), field.end());
        fields.push_back(' ');
    }
    const auto add = [&](const char* name, const auto& value) {
        result.values.push_back(Value::of(path + name, value));
    };
    add("type", static_cast<double>(tree.type));
    add("shape", tree.shape);
    add("name, as letters", tree.name);
    add("fields, as letters", fields);
    add("numbers", tree.numbers);
    add("number of arrays inside", static_cast<double>(tree.inside.size()));
    for (std::size_t k = 0; k < tree.inside.size(); ++k) {
        add_values(tree.inside[k], path + "inside[" + std::to_string(k) + "].", result);
    }
}

Result result_of(const Tree& tree) {
    Result result = std::initializer_list<Value>{};
    add_values(tree, "", result);
    return result;
}

Tree right_tree(const Bytes& bytes, const Tag& tag) {
    return tree_of(by_hand::read_array(bytes, {tag.kind, tag.size, tag.data, tag.next}));
}

template <class Change>
void change_all(Tree& tree, const Change& change) {
    for (Tree& inner : tree.inside) change_all(inner, change);
    change(tree);
}

course::Function read_array(const Functions& yours) {
    const auto call = [](auto function) {
        return [=](const Bytes& bytes) { return result_of(function(bytes, right_tag(bytes, 0))); };
    };
    course::Trial<Bytes> trial("read_array", call(yours.read_array), call(right_tree),
                               {"bytes, tag included"});
    const auto suspect = [&](const char* words, auto change) {
        trial.suspect(words, call([=](const Bytes& bytes, const Tag& tag) {
                          Tree tree = right_tree(bytes, tag);
                          change_all(tree, change);
                          return tree;
                      }));
    };
    suspect("the last array inside is missing: they end at array.next", [](Tree& tree) {
        if (!tree.inside.empty()) tree.inside.pop_back();
    });
    suspect("only the first array inside is read",
            [](Tree& tree) { tree.inside.resize(std::min<std::size_t>(1, tree.inside.size())); });
    suspect("only the first field's name is read: they are as long as the number before them says",
            [](Tree& tree) { tree.fields.resize(std::min<std::size_t>(1, tree.fields.size())); });
    suspect("text has no numbers: its letters are numbers too", [](Tree& tree) {
        if (tree.type == 4) tree.numbers.clear();
    });
    suspect("the name is missing", [](Tree& tree) { tree.name.clear(); });
    suspect("shape and name are exchanged: the shape comes first",
            [](Tree& tree) { std::swap(tree.shape, tree.name); });
    trial.trait({"numbers and text", "how do the arrays inside of a cell or a struct begin?", ""},
                [](const Bytes& bytes) { return right_tree(bytes, right_tag(bytes, 0)).type > 2; });
    const Bytes numbers = doubles({2, 3}, {1, 2, 3, 4, 5, 6});
    trial.on("numbers with a name", doubles({1, 2}, {123.68, 116.779}, "average"));
    trial.on("text", text("relu"));
    trial.on("a cell of two", array(1, {1, 2}, {numbers, text("conv")}, "layers"));
    trial.on("a struct", structure(text("conv1_1"), text("conv"), 8));
    trial.on("a struct in a cell in a cell",
             array(1, {1, 1}, {array(1, {1, 2}, {structure(text("a"), numbers, 16), numbers})}));
    return trial.function;
}

// ---- filters_from_column_major ----

// Number (u, v, c, o) of the result is at place(u, v, c, o) of the numbers.
template <class Place>
auto filters_by(const Place& place) {
    return [=](const Numbers& numbers, const Shape4& shape) {
        Filters w = Filters::from_shape(shape);
        for (std::size_t k = 0; k < w.size(); ++k) {
            const std::size_t o = k % shape[3];
            const std::size_t c = k / shape[3] % shape[2];
            const std::size_t tap = k / shape[3] / shape[2];
            w.data()[k] = numbers[place(Shape4{tap / shape[1], tap % shape[1], c, o}, shape)];
        }
        return w;
    };
}

course::Function filters_from_column_major(const Functions& yours) {
    course::Trial<Numbers, Shape4> trial("filters_from_column_major",
                                         yours.filters_from_column_major,
                                         by_hand::filters_from_column_major, {"numbers", "shape"});
    trial.suspect(
        "the numbers are taken in the order in which they come, as if the last index "
        "ran fastest",
        filters_by([](const Shape4& at, const Shape4& n) {
            return ((at[0] * n[1] + at[1]) * n[2] + at[2]) * n[3] + at[3];
        }));
    trial.suspect("rows and columns are exchanged: u runs fastest in the file, then v",
                  filters_by([](const Shape4& at, const Shape4& n) {
                      return at[1] + n[1] * (at[0] + n[0] * (at[2] + n[2] * at[3]));
                  }));
    trial.suspect("input and output channels are exchanged: c runs faster than o in the file",
                  filters_by([](const Shape4& at, const Shape4& n) {
                      return at[0] + n[0] * (at[1] + n[1] * (at[3] + n[3] * at[2]));
                  }));
    trial.suspect("the channels run fastest, then rows and columns: it is u, v, c, o",
                  filters_by([](const Shape4& at, const Shape4& n) {
                      return at[2] + n[2] * (at[3] + n[3] * (at[0] + n[0] * at[1]));
                  }));
    trial.trait({"filters of one number", "is the place right for taps beyond the first?", ""},
                [](const Numbers&, const Shape4& n) { return n[0] * n[1] == 1; });
    trial.trait({"one filter of one channel", "what comes after the taps in the file?", ""},
                [](const Numbers&, const Shape4& n) { return n[2] * n[3] == 1; });
    const auto on = [&](const char* name, const Shape4& n, unsigned seed) {
        trial.on(name, course::spread(n[0] * n[1] * n[2] * n[3], seed), n);
    };
    on("one filter of one channel, 3x3x1x1", {3, 3, 1, 1}, 1);
    on("one number each, 1x1x2x3", {1, 1, 2, 3}, 2);
    on("three channels to two, 3x3x3x2", {3, 3, 3, 2}, 3);
    on("higher than wide, 3x1x2x2", {3, 1, 2, 2}, 4);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    return {element_at(yours), numbers_of(yours), read_array(yours),
            filters_from_column_major(yours)};
}

}  // namespace check_02
