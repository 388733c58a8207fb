// The one place that includes Catch2, version 2 or 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
inline auto Contains(const std::string& part) {  // version 3 uses the old name for containers
    return Catch::Matchers::ContainsSubstring(part);
}
#else
#include <catch2/catch.hpp>
using Catch::Matchers::Contains;
#endif
