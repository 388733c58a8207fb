// The bytes of a `.mat` in sequence: from the file itself, or inflated from a part of it.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "files/regular_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The next `compressed` bytes of a file, inflated on demand and never kept.
class InflatedBytes final : public ByteSource {
  public:
    /// @param budget  how many bytes may still be inflated from this file; counted down
    InflatedBytes(FileErrorContext context, RegularFile& file, std::uint64_t compressed,
                  std::uint64_t& budget);
    ~InflatedBytes() override;
    InflatedBytes(const InflatedBytes&) = delete;
    InflatedBytes& operator=(const InflatedBytes&) = delete;

    void read(void* to, std::size_t count) override;
    void skip(std::uint64_t count) override;

    /// Checks that nothing more inflates and that zlib's checksum is right, then skips to the end
    /// of the compressed part.
    void finish();

  private:
    /// Inflates up to `count` bytes; returns false when the stream ends before that.
    bool inflate_into(unsigned char* to, std::size_t count);
    void refill();

    FileErrorContext context_;
    RegularFile& file_;
    std::uint64_t compressed_left_;
    std::uint64_t& budget_;
    bool ended_ = false;
    std::vector<unsigned char> input_;
    std::vector<unsigned char> scratch_;
    z_stream stream_{};
};

}  // namespace NST_PRECISION
}  // namespace nst
