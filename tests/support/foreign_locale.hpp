// A global locale that writes numbers as a German program would. Made here, because no locale need
// be installed.
#pragma once

#include <locale>
#include <string>

namespace nst_test {

/// Writes 1024.5 as "1.024,5".
class GroupedNumbers : public std::numpunct<char> {
  protected:
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

/// During its lifetime, GroupedNumbers is part of the program's global locale.
class ForeignLocale {
  public:
    ForeignLocale()
        : before_(std::locale::global(std::locale(std::locale(), new GroupedNumbers))) {}
    ~ForeignLocale() { std::locale::global(before_); }
    ForeignLocale(const ForeignLocale&) = delete;
    ForeignLocale& operator=(const ForeignLocale&) = delete;

  private:
    std::locale before_;
};

}  // namespace nst_test
