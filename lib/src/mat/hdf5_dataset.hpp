// One dataset of an HDF5 file: its shape and type, and its numbers, once it is certain that they
// are in the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/file_error_context.hpp"
#include "mat/hdf5_handle.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What a file may still cost, counted down over all its datasets.
struct Hdf5Budget {
    std::uint64_t file_size;
    std::uint64_t chunks = std::uint64_t{1} << 20;      ///< that may still be looked up
    std::uint64_t inflatable = std::uint64_t{1} << 32;  ///< bytes
};

class Hdf5Dataset {
  public:
    /// @param id    of an open dataset
    /// @param path  in MATLAB's notation, for messages
    /// @throws Error when its header is damaged
    Hdf5Dataset(const FileErrorContext& context, hid_t id, std::string path);

    hid_t id() const { return id_; }
    /// Returns the lengths of all axes in MATLAB's order, the reverse of the file's; at least two.
    const std::vector<std::uint64_t>& shape() const { return shape_; }
    /// Returns the number of elements, or `too_many` if there are 2^31 or more.
    std::uint64_t count() const { return count_; }
    static constexpr std::uint64_t too_many = std::uint64_t{1} << 31;

    /// Returns the type in which a version 5 file stores these numbers; 0 when they are no numbers.
    std::uint32_t stored_as() const { return stored_as_; }
    bool is_reference() const;

    /// Returns what makes the dataset unreadable here, such as data in another file; "" if nothing.
    std::string unread() const;

    /// Checks that all elements are in the file, then reads them, as stored_as() says.
    /// @throws Error when a part is missing or does not inflate to the size that it should have
    std::vector<char> numbers(Hdf5Budget& budget) const;
    /// The same for references to other objects.
    std::vector<hobj_ref_t> references(Hdf5Budget& budget) const;

  private:
    template <class... Parts>
    void require(bool condition, const Parts&... parts) const {
        context_.require(condition, "is damaged at ", path_, ": ", parts...);
    }
    void read_shape();
    std::uint64_t size() const { return count_ * width_; }
    void check_storage(Hdf5Budget& budget) const;
    void check_contiguous(const Hdf5Budget& budget) const;
    void check_chunks(Hdf5Budget& budget) const;
    void check_chunk(const std::vector<hsize_t>& offset, std::uint64_t chunk_size,
                     Hdf5Budget& budget) const;
    void read(hid_t memory_type, void* to) const;

    const FileErrorContext& context_;
    hid_t id_;
    std::string path_;
    Hdf5Handle type_;
    Hdf5Handle plan_;              ///< the property list of its creation
    std::vector<hsize_t> extent_;  ///< in the file's order
    std::vector<std::uint64_t> shape_;
    std::uint64_t count_ = 0;
    std::uint64_t width_ = 0;  ///< bytes of an element in the file
    std::uint32_t stored_as_ = 0;
};

}  // namespace NST_PRECISION
}  // namespace nst
