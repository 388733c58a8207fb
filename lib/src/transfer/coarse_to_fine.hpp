// Painting at several sizes, one after the other.
#pragma once

#include <cstdint>

#include "nst/transfer.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// transfer with options.scales above 1: a transfer at each scale, the smallest first, each from
/// the last one's painting.
/// @throws Error when the scales are out of range or the smallest pictures too small; as transfer
Image coarse_to_fine(const Network& network, const Image& content, const Image& style,
                     const TransferOptions& options, const Observer& observer);

/// transfer_memory with options.scales above 1.
std::uint64_t coarse_to_fine_memory(const Network& network, const Shape3& content,
                                    const Shape3& style, const TransferOptions& options);

}  // namespace NST_PRECISION
}  // namespace nst
