#include "md5.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "mat_bytes.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

std::string md5_of_file(const Refusal& refusal) {
    FileBytes file(refusal);
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    bool good = context && EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) == 1;
    std::vector<unsigned char> block(1 << 18);
    while (good && file.left() > 0) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file.left()));
        file.read(block.data(), count);
        good = EVP_DigestUpdate(context.get(), block.data(), count) == 1;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    good = good && EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1;
    if (!good) ERR_clear_error();  // its list of what went wrong, which nobody here reads
    refusal.require(good, "has no MD5: libcrypto does not compute it");
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        constexpr const char* digits = "0123456789abcdef";
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

}  // namespace NST_PRECISION
}  // namespace nst
