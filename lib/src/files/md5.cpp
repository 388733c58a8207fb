#include "nst/md5.hpp"

#include <md5.h>

#include <algorithm>
#include <array>
#include <vector>

#include "files/regular_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

std::string md5_of_file(const std::filesystem::path& path) {
    RegularFile file({"md5_of_file", path}, "a file");
    MD5_CTX md5;
    MD5Init(&md5);
    std::vector<unsigned char> block(1 << 18);
    while (file.left() > 0) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file.left()));
        file.read(block.data(), count);
        MD5Update(&md5, block.data(), count);
    }
    std::array<char, MD5_DIGEST_STRING_LENGTH> text{};
    return MD5End(&md5, text.data());
}

}  // namespace NST_PRECISION
}  // namespace nst
