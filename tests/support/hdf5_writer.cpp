#include "support/hdf5_writer.hpp"

#include <fstream>
#include <stdexcept>

#include "support/mat5.hpp"

namespace nst_test {

namespace {

template <class Result>
Result checked(Result result) {
    if (result < 0) throw std::runtime_error("Hdf5Writer: HDF5 refuses");
    return result;
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::filesystem::path& path) : path_(path) {
    constexpr hsize_t header_size = 512;
    H5dont_atexit();  // what damaged files leave open would be reported at the end
    const hid_t plan = checked(H5Pcreate(H5P_FILE_CREATE));
    checked(H5Pset_userblock(plan, header_size));
    file_ = checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, plan, H5P_DEFAULT));
    H5Pclose(plan);
}

Hdf5Writer::~Hdf5Writer() {
    if (file_ >= 0) H5Fclose(file_);
}

hid_t Hdf5Writer::create(const std::string& path, const std::vector<hsize_t>& dims, hid_t type,
                         const Hdf5Storage& storage) {
    const std::vector<hsize_t> extent(dims.rbegin(), dims.rend());
    const std::vector<hsize_t> chunk(storage.chunk.rbegin(), storage.chunk.rend());
    const int rank = static_cast<int>(extent.size());
    const hid_t space = checked(H5Screate_simple(rank, extent.data(), nullptr));
    const hid_t plan = checked(H5Pcreate(H5P_DATASET_CREATE));
    if (!chunk.empty()) checked(H5Pset_chunk(plan, rank, chunk.data()));
    if (storage.shuffled) checked(H5Pset_shuffle(plan));
    if (storage.deflated) checked(H5Pset_deflate(plan, 6));
    if (storage.summed) checked(H5Pset_fletcher32(plan));
    if (!storage.external.empty()) {
        checked(H5Pset_external(plan, storage.external.c_str(), 0, H5F_UNLIMITED));
    }
    const hid_t made =
        checked(H5Dcreate2(file_, path.c_str(), type, space, H5P_DEFAULT, plan, H5P_DEFAULT));
    H5Pclose(plan);
    H5Sclose(space);
    return made;
}

void Hdf5Writer::numbers(const std::string& path, const std::string& matlab_class,
                         const std::vector<hsize_t>& dims, const std::vector<double>& values,
                         hid_t stored, const Hdf5Storage& storage) {
    const hid_t made = create(path, dims, stored, storage);
    checked(H5Dwrite(made, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    H5Dclose(made);
    if (!matlab_class.empty()) text_attribute(path, "MATLAB_class", matlab_class);
}

void Hdf5Writer::nothing(const std::string& path, const std::string& matlab_class,
                         const std::vector<hsize_t>& dims, const Hdf5Storage& storage) {
    H5Dclose(create(path, dims, H5T_NATIVE_DOUBLE, storage));
    text_attribute(path, "MATLAB_class", matlab_class);
}

void Hdf5Writer::text(const std::string& path, const std::string& ascii) {
    numbers(path, "char", {1, ascii.size()}, {ascii.begin(), ascii.end()}, H5T_NATIVE_UINT16);
}

void Hdf5Writer::cell(const std::string& path, const std::vector<std::string>& targets,
                      const std::string& matlab_class) {
    std::vector<hobj_ref_t> references(targets.size());
    const hid_t made = create(path, {1, targets.size()}, H5T_STD_REF_OBJ, {});
    for (std::size_t i = 0; i < targets.size(); ++i) {
        checked(H5Rcreate(&references[i], file_, targets[i].c_str(), H5R_OBJECT, -1));
    }
    checked(H5Dwrite(made, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references.data()));
    H5Dclose(made);
    if (!matlab_class.empty()) text_attribute(path, "MATLAB_class", matlab_class);
}

void Hdf5Writer::group(const std::string& path, const std::string& matlab_class) {
    H5Gclose(checked(H5Gcreate2(file_, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)));
    if (!matlab_class.empty()) text_attribute(path, "MATLAB_class", matlab_class);
}

void Hdf5Writer::text_attribute(const std::string& path, const char* name,
                                const std::string& value) {
    const hid_t type = checked(H5Tcopy(H5T_C_S1));
    checked(H5Tset_size(type, value.size()));
    const hid_t space = checked(H5Screate(H5S_SCALAR));
    const hid_t made = checked(H5Acreate_by_name(file_, path.c_str(), name, type, space,
                                                 H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    checked(H5Awrite(made, type, value.data()));
    H5Aclose(made);
    H5Sclose(space);
    H5Tclose(type);
}

void Hdf5Writer::number_attribute(const std::string& path, const char* name, int value) {
    const hid_t space = checked(H5Screate(H5S_SCALAR));
    const hid_t made = checked(H5Acreate_by_name(file_, path.c_str(), name, H5T_NATIVE_INT, space,
                                                 H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    checked(H5Awrite(made, H5T_NATIVE_INT, &value));
    H5Aclose(made);
    H5Sclose(space);
}

void Hdf5Writer::close() {
    checked(H5Fclose(file_));
    file_ = H5I_INVALID_HID;
    std::string header = mat5::header("MATLAB 7.3 MAT-file, made by a test");
    header.replace(124, 2, std::string("\x00\x02", 2));
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file << header;
    if (!file.flush()) throw std::runtime_error("Hdf5Writer: no header");
}

}  // namespace nst_test
