// Includes xtensor-blas on OpenBLAS. No other file includes xtensor-blas.
#pragma once

// Must come first: xtensor-blas 0.21 checks whether this header has chosen CBLAS before including
// it. Without CBLAS its products run in its own loops, a hundred times slower.
#include <xtensor-blas/xblas_config.hpp>

#include <xtensor-blas/xlinalg.hpp>
