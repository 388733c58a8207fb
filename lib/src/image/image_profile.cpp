#include "image/image_profile.hpp"

#include <lcms2.h>
#include <lcms2_plugin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace nst {
inline namespace NST_PRECISION {

namespace {

// A profile can announce tables that it does not hold.
constexpr std::size_t max_memory = std::size_t{32} << 20;

/// One block of lcms's memory; what lcms uses follows it.
struct alignas(std::max_align_t) Block {
    Block* previous;
    Block* next;
    std::size_t size;
};

/// What lcms has taken, and where to go when there is no more: lcms itself would go on without.
struct Memory {
    Block* first = nullptr;
    std::size_t live = 0;
    bool is_short = false;
    std::jmp_buf* way_out = nullptr;
};

// lcms's callbacks do not receive a pointer of ours before a context exists.
thread_local Memory memory;

void* take_zeroed(cmsContext, cmsUInt32Number size) {
    Block* block = nullptr;
    if (size <= max_memory - memory.live) {
        block = static_cast<Block*>(std::calloc(1, sizeof(Block) + size));
        memory.is_short = memory.is_short || block == nullptr;
    }
    if (block == nullptr) {
        if (memory.way_out != nullptr) std::longjmp(*memory.way_out, 1);
        return nullptr;
    }
    *block = {nullptr, memory.first, size};
    if (memory.first != nullptr) memory.first->previous = block;
    memory.first = block;
    memory.live += size;
    return block + 1;
}

void give_back(cmsContext, void* bytes) {
    if (bytes == nullptr) return;
    Block* block = static_cast<Block*>(bytes) - 1;
    (block->previous != nullptr ? block->previous->next : memory.first) = block->next;
    if (block->next != nullptr) block->next->previous = block->previous;
    memory.live -= block->size;
    std::free(block);
}

void* take_again(cmsContext context, void* bytes, cmsUInt32Number size) {
    void* larger = take_zeroed(context, size);
    if (larger == nullptr || bytes == nullptr) return larger;
    const Block* block = static_cast<Block*>(bytes) - 1;
    std::memcpy(larger, bytes, std::min<std::size_t>(size, block->size));
    give_back(context, bytes);
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

/// Everything that lcms allocates belongs to a context of ours and ends with it: profiles and
/// conversions are not closed one by one.
class Context {
  public:
    Context() {
        memory = {};
        cmsPluginMemHandler plugin = memory_plugin();
        context_ = cmsCreateContext(&plugin, nullptr);
        if (context_ == nullptr) throw std::bad_alloc();
    }
    ~Context() {
        cmsDeleteContext(context_);
        while (memory.first != nullptr) give_back(nullptr, memory.first + 1);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    operator cmsContext() const { return context_; }

    /// Runs step(), which calls lcms. The jump skips destructors, so step must not create an object
    /// that has one.
    /// @return whether there was enough memory within the limit
    /// @throws std::bad_alloc when there was not even that
    template <class Step>
    bool attempt(const Step& step) const {
        std::jmp_buf way_out;
        const bool is_first_time = setjmp(way_out) == 0;
        if (is_first_time) {
            memory.way_out = &way_out;
            step();
        }
        memory.way_out = nullptr;
        if (memory.is_short) throw std::bad_alloc();
        return is_first_time;
    }

  private:
    cmsContext context_;
};

/// A conversion of pixels of `channels` numbers, 0 to 1, to sRGB.
class Transform {
  public:
    Transform(const Context& context, cmsHPROFILE from) {
        const bool is_grey = cmsGetColorSpace(from) == cmsSigGrayData;
        channels_ = is_grey ? 1 : 3;
        context.attempt([&] {
            cmsHPROFILE to = cmsCreate_sRGBProfileTHR(context);
            // Without optimizations, which would replace the conversion by a table of few colours.
            transform_ = cmsCreateTransformTHR(
                context, from, is_grey ? TYPE_GRAY_FLT : TYPE_RGB_FLT, to, TYPE_RGB_FLT,
                INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
        });
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
        cmsDoTransform(transform_, from_.data(), to_.data(), static_cast<cmsUInt32Number>(pixels));
        for (std::size_t k = 0; k < 3 * pixels; ++k) {
            const float value = to_[k] * 255;
            rgb[k] = value > 0 ? static_cast<Real>(std::min(value, 255.0F)) : Real{0};  // NaN too
        }
    }

    cmsHTRANSFORM transform_ = nullptr;
    std::size_t channels_ = 3;
    std::array<float, 3 * strip> from_;
    std::array<float, 3 * strip> to_;
};

/// Whether no colour of a grid changes by more than a grey level. Profiles of sRGB differ by half
/// of one, since they round the primaries to five decimals.
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
                      [](Real a, Real b) { return std::abs(a - b) <= Real{1}; });
}

bool is_grey(const Real* rgb, std::size_t pixels) {
    for (const Real* end = rgb + 3 * pixels; rgb != end; rgb += 3) {
        if (rgb[0] != rgb[1] || rgb[0] != rgb[2]) return false;
    }
    return true;
}

/// Returns what is wrong with the profile for these pixels, or nothing.
const char* problem_of(cmsHPROFILE profile, const Real* rgb, std::size_t pixels) {
    switch (cmsGetDeviceClass(profile)) {
        case cmsSigInputClass:
        case cmsSigDisplayClass:
        case cmsSigOutputClass:
        case cmsSigColorSpaceClass:
            break;
        default:
            return "it does not describe a device";
    }
    switch (cmsGetColorSpace(profile)) {
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
    cmsHPROFILE from = nullptr;
    context.attempt([&] {
        from = cmsOpenProfileFromMemTHR(context, profile.data(),
                                        static_cast<cmsUInt32Number>(profile.size()));
    });
    if (from == nullptr) return ignored("it is damaged");
    if (const char* problem = problem_of(from, rgb, pixels)) return ignored(problem);
    Transform transform(context, from);
    if (!transform) return ignored("it is damaged");
    if (!keeps_colours(transform)) transform.convert(rgb, pixels);
    return {};
}

std::vector<unsigned char> srgb_profile() {
    const Context context;
    std::vector<unsigned char> bytes(4096);  // it has about 600
    cmsUInt32Number size = 0;
    bool is_done = false;
    context.attempt([&] {
        cmsHPROFILE profile = cmsCreate_sRGBProfileTHR(context);
        is_done = cmsSaveProfileToMem(profile, nullptr, &size) != 0 && size <= bytes.size() &&
                  cmsSaveProfileToMem(profile, bytes.data(), &size) != 0;
    });
    if (!is_done) throw std::bad_alloc();
    bytes.resize(size);
    // the date of the header: the same file every time
    constexpr std::size_t date = 24;
    constexpr std::array<unsigned char, 12> first_of_2000 = {0x07, 0xd0, 0, 1, 0, 1};
    std::copy(first_of_2000.begin(), first_of_2000.end(), bytes.begin() + date);
    return bytes;
}

}  // namespace NST_PRECISION
}  // namespace nst
