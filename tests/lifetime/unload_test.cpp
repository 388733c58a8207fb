// unload_test PLUGIN: loads and unloads the library with a plugin, twenty times. The library's
// threads must end, and its code must be unmapped.
#include <dlfcn.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace {

long threads_of_this_process() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
}

bool is_mapped(const std::string& library) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find(library) != std::string::npos) return true;
    }
    return false;
}

int fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return fail("usage: unload_test PLUGIN");
    constexpr double expected = 181 * 223;
    std::thread([] {}).join();  // ThreadSanitizer starts its own thread with the first one
    const long before = threads_of_this_process();
    for (int time = 0; time < 20; ++time) {
        void* plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (plugin == nullptr) return fail(dlerror());
        const auto work = reinterpret_cast<double (*)(int)>(dlsym(plugin, "nst_plugin_work"));
        if (work == nullptr) return fail(dlerror());
        if (work(4) != expected) return fail("wrong result");
        if (threads_of_this_process() <= before) return fail("no threads were started");
        if (dlclose(plugin) != 0) return fail(dlerror());
        if (is_mapped("libnst.so")) return fail("the library is still there");
        if (threads_of_this_process() != before) return fail("threads are left");
    }
    std::puts("unloaded");
}
