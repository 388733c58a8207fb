#include "mat/hdf5_handle.hpp"

#include <algorithm>

namespace nst {
inline namespace NST_PRECISION {

namespace {

std::mutex& hdf5_mutex() {
    static std::mutex mutex;
    return mutex;
}

/// Opens an attribute of one element and of at most so many bytes.
Hdf5Handle open_attribute(hid_t object, const char* name, hsize_t largest) {
    Hdf5Handle none(H5I_INVALID_HID, H5Aclose);
    if (!has_attribute(object, name)) return none;
    Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    if (!attribute || H5Aget_storage_size(attribute.id()) > largest) return none;
    const Hdf5Handle space(H5Aget_space(attribute.id()), H5Sclose);
    if (!space || H5Sget_simple_extent_npoints(space.id()) != 1) return none;
    return attribute;
}

}  // namespace

Hdf5Session::Hdf5Session() : lock_(hdf5_mutex()) {
    H5dont_atexit();  // after a damaged file it would print a line that nobody understands
    H5open();
    H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLget_loading_state(&plugins_);
    H5PLset_loading_state(0);
}

Hdf5Session::~Hdf5Session() {
    H5PLset_loading_state(plugins_);
    H5Eclear2(H5E_DEFAULT);
    H5Eset_auto2(H5E_DEFAULT, print_, print_data_);
}

Hdf5Handle open_object(hid_t parent, const std::string& name) {
    H5L_info_t link{};
    // soft and external links, which MATLAB does not write, may lead to other files
    const bool is_hard =
        H5Lget_info(parent, name.c_str(), &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD;
    return {is_hard ? H5Oopen(parent, name.c_str(), H5P_DEFAULT) : H5I_INVALID_HID, H5Oclose};
}

bool has_attribute(hid_t object, const char* name) {
    return H5Aexists(object, name) > 0;
}

std::string text_attribute(hid_t object, const char* name) {
    constexpr hsize_t longest = 256;
    const Hdf5Handle attribute = open_attribute(object, name, longest);
    if (!attribute) return {};
    const Hdf5Handle type(H5Aget_type(attribute.id()), H5Tclose);
    const bool is_fixed =
        type && H5Tget_class(type.id()) == H5T_STRING && H5Tis_variable_str(type.id()) == 0;
    const std::size_t size = is_fixed ? H5Tget_size(type.id()) : 0;
    std::string text(size, '\0');
    if (size == 0 || size > longest || H5Aread(attribute.id(), type.id(), text.data()) < 0) {
        return {};
    }
    return text.substr(0, text.find('\0'));
}

int number_attribute(hid_t object, const char* name, int absent) {
    const Hdf5Handle attribute = open_attribute(object, name, sizeof(std::int64_t));
    if (!attribute) return absent;
    const Hdf5Handle type(H5Aget_type(attribute.id()), H5Tclose);
    int number = absent;
    if (!type || H5Tget_class(type.id()) != H5T_INTEGER ||
        H5Aread(attribute.id(), H5T_NATIVE_INT, &number) < 0) {
        return absent;
    }
    return number;
}

}  // namespace NST_PRECISION
}  // namespace nst
