// OpenBLAS chooses its kernels by the processor's model when it is loaded. An unknown model gets
// kernels from 2004, three times slower, unless OPENBLAS_CORETYPE names better ones.
#pragma once

namespace nst::tools {

/// Restarts the program, once, with OPENBLAS_CORETYPE set to the best kernels that the processor's
/// flags allow, if OpenBLAS has chosen older ones. The process, its arguments and its signals stay
/// the same. Returns if nothing needs to change, if OPENBLAS_CORETYPE or NST_KEEP_OPENBLAS_CORE is
/// set, or if the program cannot be restarted. Call it before anything else in main.
void restart_with_best_openblas_core(char** argv);

}  // namespace nst::tools
