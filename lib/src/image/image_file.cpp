#include "image/image_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint64_t max_pixels = std::uint64_t{1} << 28;

constexpr std::array<unsigned char, 8> png_signature = {0x89, 'P',  'N',  'G',
                                                        '\r', '\n', 0x1a, '\n'};
constexpr std::array<unsigned char, 3> jpeg_signature = {0xff, 0xd8, 0xff};

}  // namespace

ImageFile::ImageFile(FileErrorContext context) : context_(std::move(context)) {
    open_regular();
    recognise();
}

void ImageFile::open_regular() {
    // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever
    const int descriptor = open(context_.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status {};
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        nst::fail(context_.function, ": cannot open ", context_.file.string(), ": ",
                  std::strerror(errno));
    }
    stream_.reset(fdopen(descriptor, "rb"));
    context_.require(stream_ != nullptr, "cannot be read: ", std::strerror(errno));
    context_.require(!S_ISDIR(status.st_mode), "is a folder; expected a PNG or JPEG file");
    context_.require(S_ISREG(status.st_mode), "is not a regular file; expected a PNG or JPEG file");
    size_ = static_cast<std::uint64_t>(status.st_size);
}

void ImageFile::recognise() {
    context_.require(size_ > 0, "is empty; expected a PNG or JPEG file");
    std::array<unsigned char, png_signature.size()> head{};
    const std::size_t count = std::min<std::uint64_t>(size_, head.size());
    read(head.data(), count);
    const auto begins_with = [&](const auto& signature) {
        return count >= signature.size() &&
               std::equal(signature.begin(), signature.end(), head.begin());
    };
    if (begins_with(png_signature)) {
        format_ = ImageFormat::png;
    } else if (begins_with(jpeg_signature)) {
        format_ = ImageFormat::jpeg;
    } else {
        context_.fail("is neither PNG nor JPEG; it begins with \"",
                      one_line(std::string(head.begin(), head.begin() + count)), "\"");
    }
    std::rewind(stream_.get());
    position_ = 0;
}

void ImageFile::read(void* to, std::size_t count) {
    require_left(count);
    if (std::fread(to, 1, count, stream_.get()) != count) refuse_read();
    position_ += count;
}

void ImageFile::skip(std::uint64_t count) {
    require_left(count);
    position_ += count;
    if (fseeko(stream_.get(), static_cast<off_t>(position_), SEEK_SET) != 0) refuse_read();
}

void ImageFile::require_left(std::uint64_t count) const {
    if (count > size_ - position_) refuse_end();
}

void ImageFile::refuse_read() const {
    const int error = errno;  // the parts of a message are made in no fixed order
    context_.fail("cannot be read at byte ", ftello(stream_.get()), ": ", std::strerror(error));
}

void ImageFile::refuse_end() const {
    context_.fail("ends too early, after ", size_, " bytes. Was the download interrupted?");
}

void ImageFile::check_size(const ImageSize& size, std::uint64_t min_bytes) const {
    context_.require(size.width > 0 && size.height > 0, "is damaged: it announces ", size.width,
                     "x", size.height, " pixels");
    context_.require(size.width <= max_pixels / size.height, "has ", size.width, "x", size.height,
                     " pixels; expected at most 2^28");
    context_.require(min_bytes <= size_, "is damaged: it announces ", size.width, "x", size.height,
                     " pixels, which do not fit into ", size_, " bytes");
}

}  // namespace NST_PRECISION
}  // namespace nst
