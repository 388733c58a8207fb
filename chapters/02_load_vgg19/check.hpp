// What the exercise of chapter 02 is checked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_02 {

using Bytes = std::vector<std::uint8_t>;
using Shape4 = std::array<std::size_t, 4>;

/// by_hand.hpp and exercise.hpp each have an Element and a MatArray of their own; these are what
/// both become.
struct Tag {
    std::size_t kind, size, data, next;
};
struct Tree {
    int type;
    std::vector<double> shape, name, numbers;
    std::vector<std::string> fields;
    std::vector<Tree> inside;
};

template <class MatArray>
Tree tree_of(const MatArray& array) {
    Tree tree{array.type, array.shape, array.name, array.numbers, array.fields, {}};
    for (const MatArray& inner : array.inside) tree.inside.push_back(tree_of(inner));
    return tree;
}

struct Functions {
    Tag (*element_at)(const Bytes& bytes, std::size_t place);
    std::vector<double> (*numbers_of)(const Bytes& bytes, const Tag& tag);
    Tree (*read_array)(const Bytes& bytes, const Tag& tag);
    nst::Filters (*filters_from_column_major)(const std::vector<double>& numbers,
                                              const Shape4& shape);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_02

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                                                     \
    check_02::Functions {                                                                        \
        [](const check_02::Bytes& bytes, std::size_t place) {                                    \
            const space::Element e = space::element_at(bytes, place);                            \
            return check_02::Tag{e.kind, e.size, e.data, e.next};                                \
        },                                                                                       \
            [](const check_02::Bytes& bytes, const check_02::Tag& t) {                           \
                return space::numbers_of(bytes, space::Element{t.kind, t.size, t.data, t.next}); \
            },                                                                                   \
            [](const check_02::Bytes& bytes, const check_02::Tag& t) {                           \
                return check_02::tree_of(                                                        \
                    space::read_array(bytes, space::Element{t.kind, t.size, t.data, t.next}));   \
            },                                                                                   \
            space::filters_from_column_major                                                     \
    }
#define NST_EXERCISE(space) check_02::exercise(NST_FUNCTIONS(space))
