#include "mat/mat_file.hpp"

#include <algorithm>
#include <cstdlib>

#include "mat/mat_skipped.hpp"
#include "mat/mat_text.hpp"
#include "system/memory.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Upper bound of matio's memory for the structure of the largest file that check_mat_file accepts.
// matio dereferences null pointers, or returns wrong numbers, when its own malloc fails.
constexpr std::size_t matio_memory = std::size_t{1} << 24;

constexpr std::size_t max_characters = 1 << 16;  // of a text

/// Returns "a, b, c" for an error message, with the first ten names.
std::string listing(const std::vector<std::string>& names) {
    constexpr std::size_t max_names = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(max_names, names.size()); ++i) {
        text += (i == 0 ? "" : ", ") + one_line(names[i]);
    }
    if (names.size() > max_names) text += ", ...";
    return text.empty() ? "none" : text;
}

template <class To, class From>
std::vector<To> converted(const void* data, std::size_t count) {
    const auto* first = static_cast<const From*>(data);
    std::vector<To> numbers(count);
    std::transform(first, first + count, numbers.begin(),
                   [](From value) { return static_cast<To>(value); });
    return numbers;
}

/// Converts numbers of the type that matio reports; returns nothing for a type that holds no
/// numbers.
template <class To>
std::vector<To> converted(matio_types type, const void* data, std::size_t count) {
    switch (type) {
        case MAT_T_SINGLE:
            return converted<To, float>(data, count);
        case MAT_T_DOUBLE:
            return converted<To, double>(data, count);
        case MAT_T_INT8:
            return converted<To, std::int8_t>(data, count);
        case MAT_T_UINT8:
            return converted<To, std::uint8_t>(data, count);
        case MAT_T_INT16:
            return converted<To, std::int16_t>(data, count);
        case MAT_T_UINT16:
            return converted<To, std::uint16_t>(data, count);
        case MAT_T_INT32:
            return converted<To, std::int32_t>(data, count);
        case MAT_T_UINT32:
            return converted<To, std::uint32_t>(data, count);
        case MAT_T_INT64:
            return converted<To, std::int64_t>(data, count);
        case MAT_T_UINT64:
            return converted<To, std::uint64_t>(data, count);
        default:
            return {};
    }
}

}  // namespace

bool MatNode::is_skipped() const {
    return variable_ != nullptr && variable_->class_type == MAT_C_CHAR &&
           variable_->rank == skipped_rank;
}

bool MatNode::has_class(matio_classes wanted) const {
    return variable_ != nullptr && variable_->class_type == wanted && !is_skipped();
}

void MatNode::require_read() const {
    if (is_skipped())
        file_->context().fail("has ", line(), " at ", path_, ", which nst cannot read");
}

void MatNode::require_kind(bool fits, const char* expected) const {
    require_read();
    file_->context().require(fits, "has no ", expected, " at ", path_);
}

bool MatNode::is_number() const {
    return variable_ != nullptr && variable_->class_type >= MAT_C_DOUBLE &&
           variable_->class_type <= MAT_C_UINT64;
}

bool MatNode::is_empty() const {
    return count() == 0;
}

bool MatNode::is_line() const {
    const auto lengths = shape();
    return is_text() &&
           (is_empty() || (lengths.size() == 2 && lengths[0] == 1 && lengths[1] <= max_characters));
}

std::vector<std::size_t> MatNode::shape() const {
    if (is_skipped()) return {1, 1};
    if (variable_ == nullptr || variable_->rank < 1 || variable_->dims == nullptr) return {0, 0};
    return {variable_->dims, variable_->dims + variable_->rank};
}

std::size_t MatNode::count() const {
    std::size_t count = 1;
    for (const std::size_t extent : shape()) count *= extent;
    return count;
}

std::optional<MatNode> MatNode::find(const std::string& field) const {
    require_kind(is_struct() && count() == 1, "struct");
    matvar_t* found = Mat_VarGetStructFieldByName(variable_, field.c_str(), 0);
    if (found == nullptr) return std::nullopt;
    return MatNode(*file_, found, path_ + "." + field);
}

MatNode MatNode::field(const std::string& name) const {
    if (auto found = find(name)) return *found;
    const char* const* names = Mat_VarGetStructFieldnames(variable_);
    const std::size_t many = names != nullptr ? Mat_VarGetNumberOfFields(variable_) : 0;
    file_->context().fail("has no field ", name, " in ", path_, "; its fields are ",
                          listing({names, names + many}));
}

MatNode MatNode::cell(std::size_t index) const {
    require_kind(is_cell(), "cell");
    file_->context().require(index < count(), "has ", count(), " elements in ", path_,
                             "; expected at least ", index + 1);
    matvar_t* found = Mat_VarGetCell(variable_, static_cast<int>(index));
    return {*file_, found, path_ + "{" + std::to_string(index + 1) + "}"};
}

void MatNode::read() const {
    require_memory(matio_memory + Mat_VarGetSize(variable_));
    const bool done = Mat_VarReadDataAll(file_->handle(), variable_) == 0;
    file_->context().require(done && variable_->data != nullptr, "cannot be read at ", path_);
}

void MatNode::release() const {
    std::free(variable_->data);  // from matio's malloc; Mat_VarFree then finds nothing
    variable_->data = nullptr;
}

std::string MatNode::text() const {
    if (variable_ != nullptr && is_empty()) return {};
    const auto lengths = shape();
    require_kind(is_text() && lengths.size() == 2 && lengths[0] == 1, "line of text");
    file_->context().require(count() <= max_characters, "has a text of ", count(),
                             " characters at ", path_);
    return line();
}

std::string MatNode::line() const {
    read();
    std::string text = utf8_text(variable_->data_type, variable_->data, variable_->nbytes);
    release();
    return text;
}

template <class T>
std::vector<T> MatNode::values() const {
    const FileErrorContext& context = file_->context();
    if (variable_ != nullptr && is_empty()) return {};
    require_kind(is_number() && variable_->isComplex == 0, "real numbers");
    const std::size_t count = this->count();
    const std::size_t width = Mat_SizeOfClass(variable_->class_type);
    context.require(count < too_many_to_keep, "has an array of ", shape_text(shape()), " at ",
                    path_, "; no convolution of a VGG-19 has 2^24 numbers");
    read();
    context.require(variable_->nbytes / width == count, "cannot be read whole at ", path_);
    std::vector<T> numbers = converted<T>(variable_->data_type, variable_->data, count);
    release();
    context.require(numbers.size() == count, "has numbers of an unknown type at ", path_);
    return numbers;
}

template std::vector<float> MatNode::values<float>() const;
template std::vector<double> MatNode::values<double>() const;

MatFile::MatFile(std::string function, std::filesystem::path file)
    : context_{std::move(function), std::move(file)},
      copy_(context_),
      outline_(check_mat_file(context_, &copy_)) {}

bool MatFile::has(const std::string& name) const {
    return std::find(outline_.variables.begin(), outline_.variables.end(), name) !=
           outline_.variables.end();
}

MatNode MatFile::variable(const std::string& name) {
    context_.require(has(name), "has no variable ", name, "; its variables are ",
                     listing(outline_.variables));
    require_memory(matio_memory);
    MatVarPtr found(Mat_VarReadInfo(handle(), name.c_str()));
    context_.require(found != nullptr, "cannot be read at ", name);
    variables_.push_back(std::move(found));
    return {*this, variables_.back().get(), name};
}

}  // namespace NST_PRECISION
}  // namespace nst
