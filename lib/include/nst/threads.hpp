#pragma once

#include "nst/api.hpp"
#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Sets how many threads the library's loops use from now on, in the whole process. Results do not
/// depend on the number, because blocks and the order of sums are fixed.
///
/// The library runs its own threads around single-threaded matrix products: before its first
/// product it sets OpenBLAS to one thread, for the whole process. Its threads start when they are
/// first needed and end with the process, or when the library is unloaded. A child of fork starts
/// its own threads.
///
/// @param count  at least 1; 0 (the default) means OMP_NUM_THREADS if that is set, else one for
///               each processor that the process may run on, or fewer if its control group has a
///               quota
/// @throws Error when count is negative or above 1024
/// Introduced in chapter 13.
NST_API void set_thread_count(int count);

/// Returns how many threads the library's loops use.
/// Introduced in chapter 13.
NST_API int thread_count();

}  // namespace NST_PRECISION
}  // namespace nst
