// Makes one call of the C library fail, in a program that preloads this library (LD_PRELOAD) or
// links it (faults.hpp).
//
//   NST_FAULT=malloc:17    the 17th call fails
//   NST_FAULT=malloc:17+   and so do all after it
//   NST_FAULT=slow:64      every write(2) takes a millisecond, and at most 64 bytes
//   NST_FAULT_COUNTS=file  how often each kind was called, written when the program ends
//
// Counting starts with main: before it, the dynamic linker and the global constructors of some
// forty libraries run. Calls from libraries that are known to crash, to end the program or to
// continue with wrong numbers when a call fails (docs/reliability.md) neither fail nor count.
//
// The GNU C library's functions call each other without passing through here, hence fread and
// fwrite in addition to read and write. Standard error is exempt because the message must appear
// there.
#include "faults/faults.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

// The allocator itself: dlsym, which finds the other functions, needs an allocator.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

enum Kind {
    allocate,
    map,
    start_thread,
    open_file,
    read_some,
    write_some,
    write_short,
    sync_file,
    rename_file,
    kinds
};
constexpr const char* kind_names[kinds] = {"malloc", "mmap",  "thread", "open",  "read",
                                           "write",  "short", "fsync",  "rename"};

std::atomic<long> calls[kinds];
std::atomic<long> blocks{0};
std::atomic<int> failing_kind{-1};
std::atomic<long> failing_call{0};
std::atomic<bool> failing_from_there{false};
long slow_bytes = 0;
std::atomic<bool> in_main{false};
int (*own_main)(int, char**, char**) = nullptr;

void set(const char* text) {
    const char* colon = std::strchr(text, ':');
    if (colon == nullptr) return;
    const std::size_t length = static_cast<std::size_t>(colon - text);
    char* end = nullptr;
    const long number = std::strtol(colon + 1, &end, 10);
    if (std::strncmp(text, "slow", length) == 0) slow_bytes = number;
    failing_kind = -1;
    for (int kind = 0; kind < kinds; ++kind) {
        calls[kind] = 0;
        if (std::strlen(kind_names[kind]) == length &&
            std::strncmp(text, kind_names[kind], length) == 0) {
            failing_call = number;
            failing_from_there = *end == '+';
            failing_kind = kind;
        }
    }
}

// The address ranges of the libraries whose calls are exempt.
struct Code {
    std::uintptr_t first;
    std::uintptr_t last;
};
std::array<Code, 16> exempt{};
std::size_t exempt_count = 0;

int note_exempt(dl_phdr_info* library, std::size_t, void*) {
    for (const char* name : {"libmatio", "libopenblas", "libtiff", "libwebp"}) {
        if (std::strstr(library->dlpi_name, name) == nullptr) continue;
        for (int part = 0; part < library->dlpi_phnum; ++part) {
            const auto& segment = library->dlpi_phdr[part];
            if ((segment.p_flags & PF_X) == 0 || exempt_count == exempt.size()) continue;
            const std::uintptr_t first = library->dlpi_addr + segment.p_vaddr;
            exempt[exempt_count++] = {first, first + segment.p_memsz};
        }
    }
    return 0;
}

bool is_exempt(void* caller) {
    const auto address = reinterpret_cast<std::uintptr_t>(caller);
    return std::any_of(exempt.begin(), exempt.begin() + exempt_count, [address](const Code& code) {
        return code.first <= address && address < code.last;
    });
}

// Counts a call and returns whether it must fail.
bool fails(Kind kind, void* caller) {
    if (!in_main || is_exempt(caller)) return false;
    const long call = ++calls[kind];
    if (kind != failing_kind) return false;
    return failing_from_there ? call >= failing_call : call == failing_call;
}
#define NST_FAILS(kind) fails(kind, __builtin_return_address(0))

template <class Value>
Value error(int number, Value value) {
    errno = number;
    return value;
}

void* counted(void* memory) {
    if (memory != nullptr) ++blocks;
    return memory;
}

// The C library's function that ours replaces.
template <class Function>
Function* next(Function*, const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define NST_NEXT(name) next(&name, #name)

// The file for the counts; standard output may be closed or full.
struct Counts {
    ~Counts() {
        const char* file = std::getenv("NST_FAULT_COUNTS");
        if (file == nullptr) return;
        failing_kind = -1;
        const int to = NST_NEXT(open)(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        for (int kind = 0; kind < kinds; ++kind) {
            dprintf(to, "%s %ld\n", kind_names[kind], calls[kind].load());
        }
        close(to);
    }
} counts;

}  // namespace

namespace nst_test {

void set_fault(const char* fault) {
    set(fault);
}

long counted_calls(const char* kind) {
    int which = 0;
    while (std::strcmp(kind_names[which], kind) != 0) ++which;
    return calls[which];
}

long allocated_blocks() {
    return blocks;
}

}  // namespace nst_test

extern "C" {

// Calls main, after the constructors of the program's own globals.
int __libc_start_main(int (*program)(int, char**, char**), int argc, char** argv, void (*init)(),
                      void (*finish)(), void (*finish_linker)(), void* stack) {
    if (const char* text = std::getenv("NST_FAULT")) set(text);
    own_main = program;
    dl_iterate_phdr(note_exempt, nullptr);
    const auto main_here = [](int count, char** words, char** environment) {
        in_main = true;
        return own_main(count, words, environment);
    };
    return NST_NEXT(__libc_start_main)(main_here, argc, argv, init, finish, finish_linker, stack);
}

void* malloc(std::size_t size) {
    return NST_FAILS(allocate) ? error(ENOMEM, nullptr) : counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) {
    return NST_FAILS(allocate) ? error(ENOMEM, nullptr) : counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) {
    if (NST_FAILS(allocate)) return error(ENOMEM, nullptr);
    void* moved = __libc_realloc(memory, size);
    if (memory == nullptr) return counted(moved);
    if (moved == nullptr && size == 0) --blocks;
    return moved;
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return NST_FAILS(allocate) ? error(ENOMEM, nullptr) : counted(__libc_memalign(alignment, size));
}

void* memalign(std::size_t alignment, std::size_t size) {
    if (NST_FAILS(allocate)) return error(ENOMEM, nullptr);
    return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = NST_FAILS(allocate) ? nullptr : counted(__libc_memalign(alignment, size));
    return *memory == nullptr ? ENOMEM : 0;
}

void free(void* memory) {
    if (memory != nullptr) --blocks;
    __libc_free(memory);
}

void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
    if (NST_FAILS(map)) return error(ENOMEM, MAP_FAILED);
    return NST_NEXT(mmap)(address, size, protection, flags, file, offset);
}

void* mmap64(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
    if (NST_FAILS(map)) return error(ENOMEM, MAP_FAILED);
    return NST_NEXT(mmap)(address, size, protection, flags, file, offset);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) {
    if (NST_FAILS(start_thread)) return EAGAIN;
    return NST_NEXT(pthread_create)(thread, attributes, function, argument);
}

int open(const char* file, int flags, ...) {
    if (NST_FAILS(open_file)) return error(EMFILE, -1);
    va_list more;
    va_start(more, flags);
    const unsigned mode = (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
    va_end(more);
    return NST_NEXT(open)(file, flags, mode);
}

std::FILE* fopen(const char* file, const char* mode) {
    if (NST_FAILS(open_file)) return error(EMFILE, nullptr);
    return NST_NEXT(fopen)(file, mode);
}

std::FILE* fopen64(const char* file, const char* mode) {
    if (NST_FAILS(open_file)) return error(EMFILE, nullptr);
    return NST_NEXT(fopen)(file, mode);
}

ssize_t read(int file, void* to, std::size_t count) {
    return NST_FAILS(read_some) ? error(EIO, -1) : NST_NEXT(read)(file, to, count);
}

std::size_t fread(void* to, std::size_t size, std::size_t count, std::FILE* file) {
    if (!NST_FAILS(read_some)) return NST_NEXT(fread)(to, size, count, file);
    file->_flags |= 0x20;  // the flag that ferror reads
    return error(EIO, std::size_t{0});
}

ssize_t write(int file, const void* from, std::size_t count) {
    if (file != STDERR_FILENO) {
        if (NST_FAILS(write_some)) return error(ENOSPC, -1);
        if (NST_FAILS(write_short)) count = (count + 1) / 2;
        if (slow_bytes > 0) {
            usleep(1000);
            count = count < static_cast<std::size_t>(slow_bytes)
                        ? count
                        : static_cast<std::size_t>(slow_bytes);
        }
    }
    return NST_NEXT(write)(file, from, count);
}

std::size_t fwrite(const void* from, std::size_t size, std::size_t count, std::FILE* file) {
    if (file == stderr || !NST_FAILS(write_some)) return NST_NEXT(fwrite)(from, size, count, file);
    file->_flags |= 0x20;
    return error(ENOSPC, std::size_t{0});
}

int fflush(std::FILE* file) {
    if (file == stderr || !NST_FAILS(write_some)) return NST_NEXT(fflush)(file);
    return error(ENOSPC, EOF);
}

int ftruncate(int file, off_t size) noexcept {
    return NST_FAILS(write_some) ? error(ENOSPC, -1) : NST_NEXT(ftruncate)(file, size);
}

int fsync(int file) {
    return NST_FAILS(sync_file) ? error(EIO, -1) : NST_NEXT(fsync)(file);
}

int rename(const char* from, const char* to) noexcept {
    return NST_FAILS(rename_file) ? error(EIO, -1) : NST_NEXT(rename)(from, to);
}

}  // extern "C"
