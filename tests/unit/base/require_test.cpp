#include "base/require.hpp"

#include <array>
#include <sstream>

#include "nst/conv2d.hpp"
#include "nst/gradcheck.hpp"
#include "nst/image.hpp"
#include "support/foreign_locale.hpp"
#include "support/one_line_error.hpp"

using namespace nst_test;

TEST_CASE("require: numbers in messages do not follow the program's global locale") {
    const ForeignLocale german;
    std::ostringstream plain;
    plain << 1024.5 << ' ' << 1234567;
    REQUIRE(plain.str() == "1.024,5 1.234.567");  // the locale does what it should
    const std::array<std::size_t, 2> shape = {1200, 3400};
    CHECK(error_of([&] { nst::fail(1024.5, ' ', -1234567, ' ', nst::shape_text(shape)); }) ==
          "1024.5 -1234567 1200x3400");
    CHECK(error_of([] {
              nst::resize_image(nst::Image::from_shape({2, 2, 3}), 70000, 2);
          }).find("70000") != std::string::npos);
}

TEST_CASE("check_gradient: its report does not follow the locale of the program or the stream") {
    const ForeignLocale german;
    const xt::xtensor<double, 1> x = {1.5, -2.25};
    const auto square = [](const xt::xtensor<double, 1>& v) { return 2000.0 * v(0) * v(0) + v(1); };
    const auto wrong = [](const xt::xtensor<double, 1>& v) {
        return xt::xtensor<double, 1>{1200.0 * v(0), 1.0};
    };
    const nst::GradcheckReport report = nst::check_gradient(square, wrong, x);
    REQUIRE_FALSE(report.passed());
    std::ostringstream words;
    words << report;
    INFO(words.str());
    CHECK(words.str().find("analytic 1800, numeric 6000") != std::string::npos);
}
