#include <algorithm>

#include "02_load_vgg19/by_hand.hpp"
#include "02_load_vgg19/check.hpp"
#include "02_load_vgg19/exercise.hpp"
#include "course/checking.hpp"

using by_hand::Bytes;
using by_hand::Element;
using by_hand::MatArray;
using by_hand::number_at;
using checking::is_named;
using nst::Filters;
using Numbers = std::vector<double>;
using Shape4 = std::array<std::size_t, 4>;

namespace {

// ---- mistakes in element_at ----

namespace not_filled_up {
using by_hand::Element, by_hand::numbers_of, by_hand::read_array,
    by_hand::filters_from_column_major;
Element element_at(const Bytes& bytes, std::size_t place) {
    Element e = by_hand::element_at(bytes, place);
    if (e.data == place + 8) e.next = e.data + e.size;
    return e;
}
}  // namespace not_filled_up

namespace never_short {
using by_hand::Element, by_hand::numbers_of, by_hand::read_array,
    by_hand::filters_from_column_major;
Element element_at(const Bytes& bytes, std::size_t place) {
    const std::size_t kind = number_at<std::uint32_t>(bytes, place);
    const std::size_t size = number_at<std::uint32_t>(bytes, place + 4);
    return {kind, size, place + 8, place + 8 + (size + 7) / 8 * 8};
}
}  // namespace never_short

namespace halves_exchanged {
using by_hand::Element, by_hand::numbers_of, by_hand::read_array,
    by_hand::filters_from_column_major;
Element element_at(const Bytes& bytes, std::size_t place) {
    Element e = by_hand::element_at(bytes, place);
    if (e.data == place + 4) std::swap(e.kind, e.size);
    return e;
}
}  // namespace halves_exchanged

namespace from_the_tag {
using by_hand::Element, by_hand::numbers_of, by_hand::read_array,
    by_hand::filters_from_column_major;
Element element_at(const Bytes& bytes, std::size_t place) {
    const Element e = by_hand::element_at(bytes, place);
    return {e.kind, e.size, e.data - place, e.next - place};
}
}  // namespace from_the_tag

// ---- mistakes in numbers_of ----

namespace bytes_only {
using by_hand::Element, by_hand::element_at, by_hand::read_array,
    by_hand::filters_from_column_major;
Numbers numbers_of(const Bytes& bytes, const Element& e) {
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(e.data);
    return {first, first + static_cast<std::ptrdiff_t>(e.size)};
}
}  // namespace bytes_only

namespace no_sign {
using by_hand::Element, by_hand::element_at, by_hand::read_array,
    by_hand::filters_from_column_major;
Numbers numbers_of(const Bytes& bytes, const Element& e) {
    if (e.kind != 5) return by_hand::numbers_of(bytes, e);
    Numbers numbers;
    for (std::size_t k = 0; k < e.size; k += 4) {
        numbers.push_back(number_at<std::uint32_t>(bytes, e.data + k));
    }
    return numbers;
}
}  // namespace no_sign

namespace size_as_count {
using by_hand::Element, by_hand::element_at, by_hand::read_array,
    by_hand::filters_from_column_major;
Numbers numbers_of(const Bytes& bytes, const Element& e) {
    const std::size_t width = e.kind == 9 ? 8 : e.kind == 4 ? 2 : e.kind < 3 ? 1 : 4;
    return by_hand::numbers_of(bytes, {e.kind, e.size * width, e.data, e.next});
}
}  // namespace size_as_count

// ---- mistakes in read_array ----

namespace last_missing {
using by_hand::Element, by_hand::element_at, by_hand::numbers_of,
    by_hand::filters_from_column_major;
MatArray read_array(const Bytes& bytes, const Element& array) {
    MatArray made = by_hand::read_array(bytes, array);
    for (MatArray& inner : made.inside) {
        if (!inner.inside.empty()) inner.inside.pop_back();
        for (MatArray& innermost : inner.inside) {
            if (!innermost.inside.empty()) innermost.inside.pop_back();
        }
    }
    if (!made.inside.empty()) made.inside.pop_back();
    return made;
}
}  // namespace last_missing

namespace text_without_numbers {
using by_hand::Element, by_hand::element_at, by_hand::numbers_of,
    by_hand::filters_from_column_major;
void clear(MatArray& array) {
    if (array.type == 4) array.numbers.clear();
    for (MatArray& inner : array.inside) clear(inner);
}
MatArray read_array(const Bytes& bytes, const Element& array) {
    MatArray made = by_hand::read_array(bytes, array);
    clear(made);
    return made;
}
}  // namespace text_without_numbers

// Never recurses.
namespace outermost_only {
using by_hand::Element, by_hand::element_at, by_hand::numbers_of,
    by_hand::filters_from_column_major;
MatArray read_array(const Bytes& bytes, const Element& array) {
    MatArray made = by_hand::read_array(bytes, array);
    for (MatArray& inner : made.inside) inner = {};
    return made;
}
}  // namespace outermost_only

// ---- mistakes in filters_from_column_major ----

namespace as_they_come {
using by_hand::Element, by_hand::element_at, by_hand::numbers_of, by_hand::read_array;
Filters filters_from_column_major(const Numbers& numbers, const Shape4& shape) {
    Filters w = Filters::from_shape(shape);
    std::copy(numbers.begin(), numbers.end(), w.begin());
    return w;
}
}  // namespace as_they_come

template <class Place>
Filters filled(const Numbers& numbers, const Shape4& shape, const Place& place) {
    Filters w = Filters::from_shape(shape);
    for (std::size_t u = 0; u < shape[0]; ++u) {
        for (std::size_t v = 0; v < shape[1]; ++v) {
            for (std::size_t c = 0; c < shape[2]; ++c) {
                for (std::size_t o = 0; o < shape[3]; ++o)
                    w(u, v, c, o) = numbers[place(u, v, c, o)];
            }
        }
    }
    return w;
}

namespace rows_and_columns_transposed {
using by_hand::Element, by_hand::element_at, by_hand::numbers_of, by_hand::read_array;
Filters filters_from_column_major(const Numbers& numbers, const Shape4& n) {
    return filled(numbers, n, [&](auto u, auto v, auto c, auto o) {
        return v + n[1] * (u + n[0] * (c + n[2] * o));
    });
}
}  // namespace rows_and_columns_transposed

namespace channels_transposed {
using by_hand::Element, by_hand::element_at, by_hand::numbers_of, by_hand::read_array;
Filters filters_from_column_major(const Numbers& numbers, const Shape4& n) {
    return filled(numbers, n, [&](auto u, auto v, auto c, auto o) {
        return u + n[0] * (v + n[1] * (o + n[3] * c));
    });
}
}  // namespace channels_transposed

}  // namespace

TEST_CASE("exercise 02: the stub counts as not written, the solution passes") {
    checking::is_not_written(NST_EXERCISE(exercise));
    checking::passes(NST_EXERCISE(by_hand));
}

TEST_CASE("exercise 02: mistakes in element_at are named") {
    is_named(NST_EXERCISE(not_filled_up), 0, "the data are not filled up");
    is_named(NST_EXERCISE(never_short), 0, "right on tags with the data after them only");
    is_named(NST_EXERCISE(halves_exchanged), 0, "kind and size of a short one are exchanged");
    is_named(NST_EXERCISE(from_the_tag), 0, "data and next are counted from the tag");
}

TEST_CASE("exercise 02: mistakes in numbers_of are named") {
    is_named(NST_EXERCISE(bytes_only), 1, "every number is read as one byte");
    is_named(NST_EXERCISE(no_sign), 1, "32-bit integers are read as if they had no sign");
    is_named(NST_EXERCISE(size_as_count), 1, "the size counts bytes, not numbers");
}

TEST_CASE("exercise 02: mistakes in read_array are named") {
    is_named(NST_EXERCISE(last_missing), 2, "the last array inside is missing");
    is_named(NST_EXERCISE(text_without_numbers), 2, "text has no numbers");
    is_named(NST_EXERCISE(outermost_only), 2, "right on numbers and text only");
}

TEST_CASE("exercise 02: mistakes in filters_from_column_major are named") {
    is_named(NST_EXERCISE(as_they_come), 3,
             "the numbers are taken in the order in which they come");
    is_named(NST_EXERCISE(rows_and_columns_transposed), 3, "rows and columns are exchanged");
    is_named(NST_EXERCISE(channels_transposed), 3, "input and output channels are exchanged");
}
