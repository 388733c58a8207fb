// What HDF5 opens and must close again, and the settings under which nst calls it.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Owns one of HDF5's identifiers. A negative one is that of nothing.
class Hdf5Handle {
  public:
    using Close = herr_t (*)(hid_t);

    Hdf5Handle(hid_t id, Close close) : id_(id), close_(close) {}
    Hdf5Handle(Hdf5Handle&& other) noexcept
        : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
    Hdf5Handle& operator=(Hdf5Handle&&) = delete;
    ~Hdf5Handle() {
        if (id_ >= 0) close_(id_);
    }

    explicit operator bool() const { return id_ >= 0; }
    hid_t id() const { return id_; }

  private:
    hid_t id_;
    Close close_;
};

/// While this exists, no other thread of nst calls HDF5, which is not built for threads; HDF5
/// prints nothing; and it loads no plugin, whatever filter a file names. Then the program's own
/// settings hold again.
class Hdf5Session {
  public:
    Hdf5Session();
    ~Hdf5Session();
    Hdf5Session(const Hdf5Session&) = delete;
    Hdf5Session& operator=(const Hdf5Session&) = delete;

  private:
    std::lock_guard<std::mutex> lock_;
    H5E_auto2_t print_ = nullptr;
    void* print_data_ = nullptr;
    unsigned plugins_ = 0;
};

/// Opens a group or a dataset.
/// @return nothing unless the path leads to one by hard links
Hdf5Handle open_object(hid_t parent, const std::string& name);

/// Reads an attribute that is a text of fixed length, cut at the first zero; "" if there is none.
std::string text_attribute(hid_t object, const char* name);

/// Reads an attribute that is one whole number; `absent` if there is none.
int number_attribute(hid_t object, const char* name, int absent);

/// Returns whether the object has an attribute of that name.
bool has_attribute(hid_t object, const char* name);

}  // namespace NST_PRECISION
}  // namespace nst
