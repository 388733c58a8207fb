#include "nst/numpy_random.hpp"

#include "support/catch.hpp"

using nst::NumpyRandom;

TEST_CASE("NumpyRandom: gives the numbers of NumPy's legacy generator") {
    NumpyRandom uniform(0);
    CHECK(uniform.uniform(0, 1) == 0.5488135039273248);
    CHECK(uniform.uniform(0, 1) == 0.7151893663724195);
    CHECK(uniform.uniform(0, 1) == 0.6027633760716439);
    NumpyRandom normal(0);
    for (const double expected : {1.764052345967664, 0.4001572083672233, 0.9787379841057392,
                                  2.240893199201458, 1.8675579901499675}) {
        CHECK(normal.normal() == expected);
    }
}

TEST_CASE("NumpyRandom: draws uniform and normal numbers from one stream") {
    // np.random.seed(4294967295); uniform(), randn(), randn(), uniform(2, 5)
    NumpyRandom random(4294967295u);
    CHECK(random.uniform(0, 1) == 0.0976320289940138);
    CHECK(random.normal() == 0.0813036681172692);
    CHECK(random.normal() == 0.4096851233481656);
    CHECK(random.uniform(2, 5) == 2.438351467981815);
}

TEST_CASE("NumpyRandom: generates normal numbers in pairs and keeps the second") {
    NumpyRandom straight(3);
    const double first = straight.normal();
    const double second = straight.normal();
    const double after = straight.uniform(0, 1);
    NumpyRandom mixed(3);
    CHECK(mixed.normal() == first);
    CHECK(mixed.uniform(0, 1) == after);
    CHECK(mixed.normal() == second);
}
