#include "parallel/thread_pool.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// How long a thread looks for work before it sleeps. A transfer runs thousands of loops per second,
// and waking a thread takes longer than most of them.
constexpr std::chrono::milliseconds patience{1};

// Polls until done() or until patience runs out. Yields to anything else that could run on the
// processor, so polling slows nobody down.
template <class Done>
void look_a_while(const Done& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!done() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

// A running loop, on the stack of the thread that called it. The pool's mutex guards the members
// that are not atomic.
class Loop {
  public:
    Loop(const Blocks& loop_blocks, std::size_t helpers) : places(helpers), blocks_(loop_blocks) {}

    // Runs blocks until none are left.
    void work(std::size_t worker) {
        for (std::size_t block = next_block_++; block < blocks_.count; block = next_block_++) {
            if (failed_) return;
            try {
                blocks_.call(blocks_.body, block, worker);
            } catch (...) {
                if (!failed_.exchange(true)) failure_ = std::current_exception();
            }
        }
    }

    void rethrow_failure() const {
        if (failure_) std::rethrow_exception(failure_);
    }

    std::size_t places;                   // places for helpers that may still join
    std::size_t joined = 0;               // helpers that have joined since the beginning
    std::atomic<std::size_t> working{0};  // helpers that have joined and not left
    Loop* next = nullptr;                 // in the pool's list

  private:
    const Blocks& blocks_;
    std::atomic<std::size_t> next_block_{0};
    std::atomic<bool> failed_{false};
    std::exception_ptr failure_;
};

class ThreadPool {
  public:
    void run(Loop& loop) {
        open(loop);
        loop.work(0);
        close(loop);
        look_a_while([&] { return loop.working == 0; });
        std::unique_lock<std::mutex> lock(mutex_);
        left_.wait(lock, [&] { return loop.working == 0; });
    }

    // Ends the threads. Loops that run or begin later are run by their callers alone.
    void end() {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            ended_ = true;
        }
        opened_.notify_all();
        for (std::thread& thread : threads_) thread.join();
        std::vector<std::thread>().swap(threads_);  // clear() would keep the memory
    }

  private:
    // Lets helpers join the loop.
    void open(Loop& loop) {
        std::size_t sleepers = 0;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (ended_) return;
            start_threads(loop.places);
            loop.next = open_;
            open_ = &loop;
            sleepers = std::min(sleeping_, loop.places);
        }
        for (std::size_t k = 0; k < sleepers; ++k) opened_.notify_one();
    }

    // Lets no more helpers join: there are no blocks left for them.
    void close(const Loop& loop) {
        const std::lock_guard<std::mutex> lock(mutex_);
        Loop* before = nullptr;
        for (Loop* at = open_; at != nullptr; before = at, at = at->next) {
            if (at != &loop) continue;
            if (before == nullptr) {
                open_ = loop.next;
            } else {
                before->next = loop.next;
            }
            return;
        }
    }

    void start_threads(std::size_t count) {
        try {
            while (threads_.size() < count) threads_.emplace_back([this] { help(); });
        } catch (const std::system_error& error) {
            fail("threads: cannot start ", count + 1, " threads: ", error.code().message(),
                 ". Choose fewer with set_thread_count or --threads");
        }
    }

    // The main function of each thread.
    void help() {
        std::unique_lock<std::mutex> lock(mutex_);
        while (wait_for_loop(lock)) {
            Loop& loop = *open_;
            if (--loop.places == 0) open_ = loop.next;
            ++loop.working;
            const std::size_t worker = ++loop.joined;
            lock.unlock();
            loop.work(worker);
            lock.lock();
            if (--loop.working == 0) left_.notify_all();  // its caller may destroy it from here on
        }
    }

    // Returns false when the pool has ended.
    bool wait_for_loop(std::unique_lock<std::mutex>& lock) {
        const auto work = [this] { return open_ != nullptr || ended_; };
        if (!work()) {
            lock.unlock();
            look_a_while(work);
            lock.lock();
        }
        ++sleeping_;
        opened_.wait(lock, work);
        --sleeping_;
        return !ended_;
    }

    std::mutex mutex_;
    std::condition_variable opened_;    // there is a loop to join, or the pool has ended
    std::condition_variable left_;      // the last helper has left a loop
    std::atomic<Loop*> open_{nullptr};  // the loops with free places, the newest first
    std::atomic<bool> ended_{false};
    std::size_t sleeping_ = 0;
    std::vector<std::thread> threads_;  // started when they are first needed
};

// The only pool. It is never destroyed, so that a thread still at work when the process exits finds
// the pool ended, not gone; by then the pool holds no memory.
union Everlasting {
    Everlasting() : pool() {}
    ~Everlasting() {}
    ThreadPool pool;
} everlasting;

// Ends the threads when the process ends, or at dlclose.
struct Lifetime {
    Lifetime() {
        // A child of fork has the memory of the pool, in any state, but none of its threads.
        pthread_atfork(nullptr, nullptr, [] { new (&everlasting.pool) ThreadPool; });
    }
    ~Lifetime() { everlasting.pool.end(); }
} lifetime;

}  // namespace

void run_blocks(const Blocks& blocks, std::size_t helpers) {
    Loop loop(blocks, helpers);
    everlasting.pool.run(loop);
    loop.rethrow_failure();
}

}  // namespace NST_PRECISION
}  // namespace nst
