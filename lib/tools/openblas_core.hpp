// OpenBLAS chooses its kernels by the processor's model, when it is loaded. A model that it does
// not know gets kernels of 2004, three times slower, unless OPENBLAS_CORETYPE names better ones.
#pragma once

namespace nst::tools {

/// Starts the program again, once, with OPENBLAS_CORETYPE set to the best kernels that the
/// processor's flags allow, where OpenBLAS has chosen older ones. The process, its arguments and
/// its signals stay. Returns where nothing is to be mended, where OPENBLAS_CORETYPE or
/// NST_KEEP_OPENBLAS_CORE is set, and where the program cannot be started again. To be called
/// before anything else in main.
void restart_with_best_openblas_core(char** argv);

}  // namespace nst::tools
