// Files for the tests of load_vgg19.
#pragma once

#include "nst/vgg19.hpp"
#include "support/matio_writer.hpp"
#include "support/temporary_folder.hpp"
#include "support/vgg19_mat.hpp"

namespace nst_test {

using namespace mat5;

enum class Writer { by_hand, by_matio, by_matio_73 };

struct Written {
    TemporaryFolder folder;
    std::string path = (folder / "vgg19.mat").string();

    explicit Written(const Named& variables, bool is_compressed = false,
                     Writer writer = Writer::by_hand) {
        if (writer != Writer::by_hand) {
            write_with_matio(path, variables, is_compressed,
                             writer == Writer::by_matio ? MatVersion::v5 : MatVersion::v73);
        } else {
            write_file(path, file(variables, is_compressed));
        }
    }
};

inline Array filters_of(Array& layer) {
    return field(layer, "weights").parts[0].second;
}
inline Array biases_of(Array& layer) {
    return field(layer, "weights").parts[1].second;
}

/// A valid layer with different weights.
inline Array with_weights(Array fields, const std::vector<Array>& weights) {
    field(fields, "weights") = cell(weights);
    return fields;
}

}  // namespace nst_test
