#include "mat/hdf5_dataset.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "mat/mat_types.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint64_t largest_chunk = std::uint64_t{1} << 27;
constexpr std::uint64_t checksum_size = 4;

/// The pipeline of filters of a dataset, as far as nst knows it.
struct Filters73 {
    bool known = true;
    int deflate = -1;  ///< position of each in the pipeline, -1 when absent
    int checksum = -1;
};

Filters73 filters_of(hid_t plan) {
    Filters73 filters;
    const int count = H5Pget_nfilters(plan);
    for (int i = 0; i < count; ++i) {
        std::array<unsigned, 8> values{};
        std::size_t many = values.size();
        unsigned flags = 0;
        const H5Z_filter_t filter = H5Pget_filter2(plan, static_cast<unsigned>(i), &flags, &many,
                                                   values.data(), 0, nullptr, nullptr);
        int* place = filter == H5Z_FILTER_DEFLATE      ? &filters.deflate
                     : filter == H5Z_FILTER_FLETCHER32 ? &filters.checksum
                                                       : nullptr;
        const bool is_fit =
            filter == H5Z_FILTER_SHUFFLE ? filters.deflate < 0 : place != nullptr && *place < 0;
        filters.known = filters.known && is_fit;
        if (place != nullptr) *place = i;
    }
    filters.known = filters.known && count >= 0;
    return filters;
}

/// Returns how many bytes a zlib stream inflates to, or `most` + 1 if it is not a whole one of at
/// most `most`.
std::uint64_t inflated_size(std::vector<unsigned char>& stream, std::uint64_t most) {
    z_stream state{};
    if (inflateInit(&state) != Z_OK) throw std::bad_alloc();
    std::array<unsigned char, 1 << 14> block{};
    state.next_in = stream.data();
    state.avail_in = static_cast<uInt>(stream.size());
    int status = Z_OK;
    std::uint64_t size = 0;
    while (status == Z_OK && size <= most) {
        state.next_out = block.data();
        state.avail_out = static_cast<uInt>(block.size());
        status = inflate(&state, Z_NO_FLUSH);
        size += block.size() - state.avail_out;
    }
    inflateEnd(&state);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    return status == Z_STREAM_END && size <= most ? size : most + 1;
}

/// The type for numbers in memory, and that of version 5.
std::pair<hid_t, std::uint32_t> number_type(hid_t type) {
    const std::size_t size = H5Tget_size(type);
    if (H5Tget_class(type) == H5T_FLOAT) {
        if (size == sizeof(float)) return {H5T_NATIVE_FLOAT, mi_single};
        if (size == sizeof(double)) return {H5T_NATIVE_DOUBLE, mi_double};
    }
    if (H5Tget_class(type) == H5T_INTEGER) {
        const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
        switch (size) {
            case 1:
                return is_signed ? std::pair<hid_t, std::uint32_t>{H5T_NATIVE_INT8, mi_int8}
                                 : std::pair<hid_t, std::uint32_t>{H5T_NATIVE_UINT8, mi_uint8};
            case 2:
                return is_signed ? std::pair<hid_t, std::uint32_t>{H5T_NATIVE_INT16, mi_int16}
                                 : std::pair<hid_t, std::uint32_t>{H5T_NATIVE_UINT16, mi_uint16};
            case 4:
                return is_signed ? std::pair<hid_t, std::uint32_t>{H5T_NATIVE_INT32, mi_int32}
                                 : std::pair<hid_t, std::uint32_t>{H5T_NATIVE_UINT32, mi_uint32};
            case 8:
                return is_signed ? std::pair<hid_t, std::uint32_t>{H5T_NATIVE_INT64, mi_int64}
                                 : std::pair<hid_t, std::uint32_t>{H5T_NATIVE_UINT64, mi_uint64};
            default:
                break;
        }
    }
    return {H5I_INVALID_HID, 0};
}

}  // namespace

Hdf5Dataset::Hdf5Dataset(const FileErrorContext& context, hid_t id, std::string path)
    : context_(context),
      id_(id),
      path_(std::move(path)),
      type_(H5Dget_type(id), H5Tclose),
      plan_(H5Dget_create_plist(id), H5Pclose) {
    require(type_ && plan_, "no type or no layout");
    width_ = H5Tget_size(type_.id());
    stored_as_ = number_type(type_.id()).second;
    read_shape();
}

void Hdf5Dataset::read_shape() {
    const Hdf5Handle space(H5Dget_space(id_), H5Sclose);
    const int rank = space ? H5Sget_simple_extent_ndims(space.id()) : -1;
    require(rank >= 0 && rank <= H5S_MAX_RANK, "no dimensions");
    extent_.resize(static_cast<std::size_t>(rank));
    require(rank == 0 || H5Sget_simple_extent_dims(space.id(), extent_.data(), nullptr) == rank,
            "no dimensions");
    shape_.assign(extent_.rbegin(), extent_.rend());
    while (shape_.size() < 2) shape_.insert(shape_.begin(), 1);
    const bool is_empty = H5Sget_simple_extent_type(space.id()) == H5S_NULL ||
                          std::find(shape_.begin(), shape_.end(), 0u) != shape_.end();
    count_ = 1;
    for (const std::uint64_t extent : shape_) {
        count_ = extent >= too_many || count_ * extent >= too_many ? too_many : count_ * extent;
        if (count_ == 0) count_ = 1;
    }
    if (is_empty) count_ = 0;
}

bool Hdf5Dataset::is_reference() const {
    return H5Tequal(type_.id(), H5T_STD_REF_OBJ) > 0;
}

std::string Hdf5Dataset::unread() const {
    const H5D_layout_t layout = H5Pget_layout(plan_.id());
    const bool elsewhere = layout == H5D_VIRTUAL || H5Pget_external_count(plan_.id()) != 0;
    if (elsewhere) return "an array with its data in other files";
    if (layout == H5D_CHUNKED && !filters_of(plan_.id()).known) {
        return "an array compressed in a way other than MATLAB's";
    }
    return {};
}

void Hdf5Dataset::check_contiguous(const Hdf5Budget& budget) const {
    const haddr_t address = H5Dget_offset(id_);
    // without data the storage is empty, whatever the address
    require(H5Dget_storage_size(id_) == size() && address <= budget.file_size &&
                size() <= budget.file_size - address,
            "an array of ", size(), " bytes does not fit into the file");
}

void Hdf5Dataset::check_chunk(const std::vector<hsize_t>& offset, std::uint64_t chunk_size,
                              Hdf5Budget& budget) const {
    unsigned mask = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t stored = 0;
    require(H5Dget_chunk_info_by_coord(id_, offset.data(), &mask, &address, &stored) >= 0 &&
                address != HADDR_UNDEF && stored > 0,
            "a part of an array is missing");
    require(address <= budget.file_size && stored <= budget.file_size - address,
            "a part of an array lies beyond the end of the file");
    const Filters73 filters = filters_of(plan_.id());
    const auto applies = [mask](int filter) { return filter >= 0 && (mask >> filter & 1u) == 0; };
    const bool is_deflated = applies(filters.deflate);
    const bool sum_inside = is_deflated && filters.checksum < filters.deflate;
    const std::uint64_t sum = applies(filters.checksum) ? checksum_size : 0;
    if (!is_deflated) {
        require(stored == chunk_size + sum, "a part of an array has ", stored, " bytes, not ",
                chunk_size + sum);
        return;
    }
    // HDF5 itself would inflate without a limit
    require(stored <= 2 * chunk_size + 1024 && stored > sum, "a part of an array has ", stored,
            " bytes for ", chunk_size);
    const std::uint64_t expected = chunk_size + (sum_inside ? sum : 0);
    context_.require(expected <= budget.inflatable,
                     "inflates to more than 4 GiB; no VGG-19 is so large");
    budget.inflatable -= expected;
    std::vector<unsigned char> stream(stored);
    std::uint32_t skipped = 0;
    require(H5Dread_chunk(id_, H5P_DEFAULT, offset.data(), &skipped, stream.data()) >= 0,
            "a part of an array cannot be read");
    if (!sum_inside) stream.resize(stream.size() - sum);
    require(inflated_size(stream, expected) == expected, "a part of an array does not inflate to ",
            expected, " bytes");
}

void Hdf5Dataset::check_chunks(Hdf5Budget& budget) const {
    std::vector<hsize_t> chunk(extent_.size());
    const int rank = static_cast<int>(extent_.size());
    require(rank > 0 && H5Pget_chunk(plan_.id(), rank, chunk.data()) == rank, "no chunks");
    std::uint64_t chunk_size = width_;
    std::uint64_t chunks = 1;
    for (std::size_t axis = 0; axis < chunk.size(); ++axis) {
        require(chunk[axis] > 0 && chunk[axis] <= largest_chunk, "chunks of ", chunk[axis]);
        chunk_size *= chunk[axis];
        chunks *= (extent_[axis] - 1) / chunk[axis] + 1;  // no more than elements
        require(chunk_size <= largest_chunk, "chunks of more than 128 MiB");
    }
    context_.require(chunks <= budget.chunks, "stores its arrays in more than 2^20 parts");
    budget.chunks -= chunks;
    std::vector<hsize_t> offset(chunk.size(), 0);
    for (std::uint64_t k = 0; k < chunks; ++k) {
        check_chunk(offset, chunk_size, budget);
        for (std::size_t axis = chunk.size(); axis-- > 0;) {
            offset[axis] += chunk[axis];
            if (offset[axis] < extent_[axis]) break;
            offset[axis] = 0;
        }
    }
}

void Hdf5Dataset::check_storage(Hdf5Budget& budget) const {
    const std::string reason = unread();
    require(reason.empty(), reason);
    switch (H5Pget_layout(plan_.id())) {
        case H5D_COMPACT:
            return require(H5Dget_storage_size(id_) == size(), "an array of ", size(),
                           " bytes that are not there");
        case H5D_CONTIGUOUS:
            return check_contiguous(budget);
        case H5D_CHUNKED:
            return check_chunks(budget);
        default:
            require(false, "no layout");
    }
}

void Hdf5Dataset::read(hid_t memory_type, void* to) const {
    require(H5Dread(id_, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) >= 0,
            "an array cannot be read");
}

std::vector<char> Hdf5Dataset::numbers(Hdf5Budget& budget) const {
    if (count_ == 0) return {};
    check_storage(budget);
    std::vector<char> data(size());
    read(number_type(type_.id()).first, data.data());
    return data;
}

std::vector<hobj_ref_t> Hdf5Dataset::references(Hdf5Budget& budget) const {
    if (count_ == 0) return {};
    check_storage(budget);
    std::vector<hobj_ref_t> references(count_);
    read(H5T_STD_REF_OBJ, references.data());
    return references;
}

}  // namespace NST_PRECISION
}  // namespace nst
