#include "system/memory.hpp"

#include <sys/mman.h>

#include <new>

namespace nst {
inline namespace NST_PRECISION {

bool has_memory(std::size_t bytes) {
    // Not malloc: one large block would raise its threshold for keeping freed memory.
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    munmap(memory, bytes);
    return true;
}

void require_memory(std::size_t bytes) {
    if (!has_memory(bytes)) throw std::bad_alloc();
}

}  // namespace NST_PRECISION
}  // namespace nst
