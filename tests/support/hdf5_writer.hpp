// Writes MATLAB 7.3 files part by part with HDF5, so that a test can write files that no program
// would.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nst_test {

/// How a dataset is stored.
struct Hdf5Storage {
    std::vector<hsize_t> chunk = {};  ///< empty: in one piece
    bool shuffled = false;
    bool deflated = false;
    bool summed = false;        ///< fletcher32
    std::string external = {};  ///< a file that holds the data
};

/// A 7.3 file that is being written. All calls throw std::runtime_error when HDF5 refuses.
class Hdf5Writer {
  public:
    explicit Hdf5Writer(const std::filesystem::path& path);
    ~Hdf5Writer();
    Hdf5Writer(const Hdf5Writer&) = delete;
    Hdf5Writer& operator=(const Hdf5Writer&) = delete;

    hid_t file() const { return file_; }
    /// Writes numbers as doubles in the type `stored`; `dims` in MATLAB's order.
    void numbers(const std::string& path, const std::string& matlab_class,
                 const std::vector<hsize_t>& dims, const std::vector<double>& values,
                 hid_t stored = H5T_NATIVE_DOUBLE, const Hdf5Storage& storage = {});
    /// A dataset without values, for which there is no room in the file.
    void nothing(const std::string& path, const std::string& matlab_class,
                 const std::vector<hsize_t>& dims, const Hdf5Storage& storage = {});
    void text(const std::string& path, const std::string& ascii);
    /// Writes a cell of references to the objects at these paths.
    void cell(const std::string& path, const std::vector<std::string>& targets,
              const std::string& matlab_class = "cell");
    void group(const std::string& path, const std::string& matlab_class = "struct");
    void text_attribute(const std::string& path, const char* name, const std::string& value);
    void number_attribute(const std::string& path, const char* name, int value);
    /// Closes the file and puts MATLAB's header in front.
    void close();

  private:
    hid_t create(const std::string& path, const std::vector<hsize_t>& dims, hid_t type,
                 const Hdf5Storage& storage);

    std::filesystem::path path_;
    hid_t file_;
};

}  // namespace nst_test
