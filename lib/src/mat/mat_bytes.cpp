#include "mat/mat_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block = 1 << 16;
constexpr const char* interrupted = ". Was the download interrupted?";

}  // namespace

InflatedBytes::InflatedBytes(FileErrorContext context, RegularFile& file, std::uint64_t compressed,
                             std::uint64_t& budget)
    : context_(std::move(context)),
      file_(file),
      compressed_left_(compressed),
      budget_(budget),
      input_(block),
      scratch_(block) {
    const int status = inflateInit(&stream_);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    context_.require(status == Z_OK, "cannot be inflated: zlib does not start");
}

InflatedBytes::~InflatedBytes() {
    inflateEnd(&stream_);
}

void InflatedBytes::refill() {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(block, compressed_left_));
    file_.read(input_.data(), count);
    compressed_left_ -= count;
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<uInt>(count);
}

bool InflatedBytes::inflate_into(unsigned char* to, std::size_t count) {
    stream_.next_out = to;
    stream_.avail_out = static_cast<uInt>(count);
    while (stream_.avail_out > 0 && !ended_) {
        if (stream_.avail_in == 0) {
            context_.require(compressed_left_ > 0, "is damaged: compressed data end too early at ",
                             "byte ", file_.position(), interrupted);
            refill();
        }
        const int status = inflate(&stream_, Z_NO_FLUSH);
        if (status == Z_MEM_ERROR) throw std::bad_alloc();
        ended_ = status == Z_STREAM_END;
        context_.require(ended_ || status == Z_OK, "is damaged: compressed data near byte ",
                         file_.position(), " do not inflate (",
                         stream_.msg != nullptr ? stream_.msg : zError(status), ")");
    }
    return stream_.avail_out == 0;
}

void InflatedBytes::read(void* to, std::size_t count) {
    context_.require(count <= budget_, "inflates to more than 4 GiB; no VGG-19 is so large");
    budget_ -= count;
    // zlib counts in unsigned int; no caller reads more than a block at a time
    context_.require(inflate_into(static_cast<unsigned char*>(to), count),
                     "is damaged: compressed data before byte ", file_.position(),
                     " hold less than they announce");
}

void InflatedBytes::skip(std::uint64_t count) {
    while (count > 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(block, count));
        read(scratch_.data(), part);
        count -= part;
    }
}

void InflatedBytes::finish() {
    context_.require(!inflate_into(scratch_.data(), 1), "is damaged: compressed data before byte ",
                     file_.position(), " hold more than they announce");
    file_.skip(compressed_left_);
    compressed_left_ = 0;
}

}  // namespace NST_PRECISION
}  // namespace nst
