// A plugin: loading it loads the library, and unloading it unloads the library.
#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/threads.hpp"

/// Some work on this many threads, with OpenBLAS products.
extern "C" double nst_plugin_work(int threads) {
    nst::set_thread_count(threads);
    const nst::Tensor3 x = xt::ones<nst::Real>({181, 223, 8});
    return nst::gram_matrix(x)(0, 0) + nst::content_loss(x, x);
}
