#include "image/image_profile.hpp"

#include <lcms2.h>
#include <lcms2_plugin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace nst {
inline namespace NST_PRECISION {

namespace {

// A profile can announce tables that it does not hold.
constexpr std::size_t max_memory = std::size_t{32} << 20;

/// What lcms takes, and whether there was not enough. lcms only skips what it has no memory for.
struct Memory {
    std::size_t live = 0;
    bool is_short = false;
};

// lcms's callbacks do not receive a pointer of ours before a context exists.
thread_local Memory memory;

constexpr std::size_t head = alignof(std::max_align_t);  // in front of each block: its size

std::size_t size_of(const void* block) {
    std::size_t size = 0;
    std::memcpy(&size, static_cast<const unsigned char*>(block) - head, sizeof size);
    return size;
}

void* take_zeroed(cmsContext, cmsUInt32Number size) {
    if (size > max_memory - memory.live) return nullptr;
    auto* block = static_cast<unsigned char*>(std::calloc(1, head + size));
    if (block == nullptr) {
        memory.is_short = true;
        return nullptr;
    }
    const std::size_t taken = size;
    std::memcpy(block, &taken, sizeof taken);
    memory.live += taken;
    return block + head;
}

void give_back(cmsContext, void* block) {
    if (block == nullptr) return;
    memory.live -= size_of(block);
    std::free(static_cast<unsigned char*>(block) - head);
}

void* take_again(cmsContext context, void* block, cmsUInt32Number size) {
    void* larger = take_zeroed(context, size);
    if (larger == nullptr || block == nullptr) return larger;
    std::memcpy(larger, block, std::min<std::size_t>(size, size_of(block)));
    give_back(context, block);
    return larger;
}

cmsPluginMemHandler memory_plugin() {
    cmsPluginMemHandler plugin{};
    plugin.base = {cmsPluginMagicNumber, 2000, cmsPluginMemHandlerSig, nullptr};
    plugin.MallocPtr = take_zeroed;
    plugin.FreePtr = give_back;
    plugin.ReallocPtr = take_again;
    return plugin;
}

/// Everything that lcms allocates belongs to a context of ours.
class Context {
  public:
    Context() {
        memory = {};
        cmsPluginMemHandler plugin = memory_plugin();
        context_ = cmsCreateContext(&plugin, nullptr);
        if (context_ == nullptr) throw std::bad_alloc();
    }
    ~Context() { cmsDeleteContext(context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    operator cmsContext() const { return context_; }

    static void require_memory() {
        if (memory.is_short) throw std::bad_alloc();
    }

  private:
    cmsContext context_;
};

struct CloseProfile {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

struct DeleteTransform {
    void operator()(void* transform) const { cmsDeleteTransform(transform); }
};

/// A conversion of pixels of `channels` numbers, 0 to 1, to sRGB.
class Transform {
  public:
    Transform(const Context& context, const Profile& from) {
        const bool is_grey = cmsGetColorSpace(from.get()) == cmsSigGrayData;
        channels_ = is_grey ? 1 : 3;
        const Profile to(cmsCreate_sRGBProfileTHR(context));
        if (!to) return;
        // Without optimizations, which would replace the conversion by a table of few colours.
        transform_.reset(cmsCreateTransformTHR(
            context, from.get(), is_grey ? TYPE_GRAY_FLT : TYPE_RGB_FLT, to.get(), TYPE_RGB_FLT,
            INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE));
    }

    explicit operator bool() const { return transform_ != nullptr; }
    std::size_t channels() const { return channels_; }

    /// Converts `pixels` pixels of RGB, 0 to 255, in place.
    void convert(Real* rgb, std::size_t pixels) {
        for (std::size_t done = 0; done < pixels; done += strip) {
            convert_strip(rgb + 3 * done, std::min(strip, pixels - done));
        }
    }

  private:
    static constexpr std::size_t strip = 1024;

    void convert_strip(Real* rgb, std::size_t pixels) {
        const std::size_t step = 3 / channels_;
        for (std::size_t k = 0; k < pixels * channels_; ++k) {
            from_[k] = static_cast<float>(rgb[k * step]) / 255;
        }
        cmsDoTransform(transform_.get(), from_.data(), to_.data(),
                       static_cast<cmsUInt32Number>(pixels));
        for (std::size_t k = 0; k < 3 * pixels; ++k) {
            const float value = to_[k] * 255;
            rgb[k] = value > 0 ? static_cast<Real>(std::min(value, 255.0F)) : Real{0};  // NaN too
        }
    }

    std::unique_ptr<void, DeleteTransform> transform_;
    std::size_t channels_ = 3;
    std::array<float, 3 * strip> from_;
    std::array<float, 3 * strip> to_;
};

/// Whether no colour of a grid changes by more than half a grey level.
bool keeps_colours(Transform& transform) {
    constexpr std::size_t steps = 16;
    std::vector<Real> colours;
    for (std::size_t k = 0; k <= 255; ++k) colours.insert(colours.end(), 3, static_cast<Real>(k));
    for (std::size_t k = 0; k < (steps + 1) * (steps + 1) * (steps + 1); ++k) {
        const std::array<std::size_t, 3> at = {k / (steps + 1) / (steps + 1),
                                               k / (steps + 1) % (steps + 1), k % (steps + 1)};
        for (const std::size_t a : at) {
            colours.push_back(transform.channels() == 3 ? static_cast<Real>(a * 255) / steps
                                                        : static_cast<Real>(k % 256));
        }
    }
    std::vector<Real> converted = colours;
    transform.convert(converted.data(), converted.size() / 3);
    return std::equal(colours.begin(), colours.end(), converted.begin(),
                      [](Real a, Real b) { return std::abs(a - b) <= Real{0.5}; });
}

bool is_grey(const Real* rgb, std::size_t pixels) {
    for (const Real* end = rgb + 3 * pixels; rgb != end; rgb += 3) {
        if (rgb[0] != rgb[1] || rgb[0] != rgb[2]) return false;
    }
    return true;
}

/// Returns what is wrong with the profile for these pixels, or nothing.
const char* problem_of(const Profile& profile, const Real* rgb, std::size_t pixels) {
    switch (cmsGetDeviceClass(profile.get())) {
        case cmsSigInputClass:
        case cmsSigDisplayClass:
        case cmsSigOutputClass:
        case cmsSigColorSpaceClass:
            break;
        default:
            return "it does not describe a device";
    }
    switch (cmsGetColorSpace(profile.get())) {
        case cmsSigRgbData:
            return nullptr;
        case cmsSigGrayData:
            return is_grey(rgb, pixels) ? nullptr : "it is for grey images, and this has colours";
        case cmsSigCmykData:
            return "it is for CMYK images; expected one for RGB or grey";
        default:
            return "it is for neither RGB nor grey images";
    }
}

std::string ignored(const char* why) {
    return std::string("its colour profile is ignored: ") + why;
}

}  // namespace

std::string convert_to_srgb(const std::vector<unsigned char>& profile, Real* rgb,
                            std::size_t pixels) {
    if (profile.empty()) return {};
    if (profile.size() > max_profile_bytes) return ignored("it has more than 4 MiB");
    const Context context;
    const Profile from(cmsOpenProfileFromMemTHR(context, profile.data(),
                                                static_cast<cmsUInt32Number>(profile.size())));
    Context::require_memory();
    if (!from) return ignored("it is damaged");
    if (const char* problem = problem_of(from, rgb, pixels)) return ignored(problem);
    Transform transform(context, from);
    Context::require_memory();
    if (!transform) return ignored("it is damaged");
    if (!keeps_colours(transform)) transform.convert(rgb, pixels);
    Context::require_memory();
    return {};
}

std::vector<unsigned char> srgb_profile() {
    const Context context;
    const Profile profile(cmsCreate_sRGBProfileTHR(context));
    cmsUInt32Number size = 0;
    if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) throw std::bad_alloc();
    std::vector<unsigned char> bytes(size);
    if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) throw std::bad_alloc();
    // the date of the header: the same file every time
    constexpr std::size_t date = 24;
    constexpr std::array<unsigned char, 12> first_of_2000 = {0x07, 0xd0, 0, 1, 0, 1};
    std::copy(first_of_2000.begin(), first_of_2000.end(), bytes.begin() + date);
    return bytes;
}

}  // namespace NST_PRECISION
}  // namespace nst
