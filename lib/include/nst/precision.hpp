// The number type of the library, and the namespace that distinguishes its two builds.
#pragma once

// Two builds of the same sources: nst::f32 in libnst.so and nst::f64 in libnst_f64.so. The CMake
// target nst::nst_f64 defines NST_DOUBLE; a program may link both, one per source file.
#ifdef NST_DOUBLE
#define NST_PRECISION f64
#else
#define NST_PRECISION f32
#endif

namespace nst {
inline namespace NST_PRECISION {

/// The number type of every tensor: float in nst::nst, double in nst::nst_f64.
/// Introduced in chapter 01.
#ifdef NST_DOUBLE
using Real = double;
#else
using Real = float;
#endif

}  // namespace NST_PRECISION
}  // namespace nst
