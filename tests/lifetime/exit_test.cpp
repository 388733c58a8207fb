// Returns from main while other threads are inside library calls.
#include <chrono>
#include <thread>

#include "nst/content_loss.hpp"
#include "nst/threads.hpp"

int main() {
    nst::set_thread_count(3);
    for (int k = 0; k < 2; ++k) {
        std::thread([] {
            const nst::Tensor3 x = xt::ones<nst::Real>({181, 223, 8});
            for (;;) nst::content_loss(x, x);
        }).detach();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}
