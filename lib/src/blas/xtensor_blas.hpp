// xtensor-blas on OpenBLAS. No other file includes it.
#pragma once

// First: xtensor-blas 0.21 asks whether this header has chosen CBLAS before it includes it. Without
// CBLAS its products run in loops of its own, a hundred times slower.
#include <xtensor-blas/xblas_config.hpp>

#include <xtensor-blas/xlinalg.hpp>
