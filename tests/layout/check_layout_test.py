"""Breaks each rule of the layout once, in a small tree, and checks that it is detected."""

import pathlib
import tempfile
import unittest

import check_layout

HEADER = """/// Adds up.
/// Introduced in chapter 02.
double add(double a, double b);

/// Adds up backwards.
/// Introduced in chapter 03.
double add_backward(double a);
"""
BY_HAND = """#pragma once
#include <cstddef>
#include "nst/add.hpp"
namespace by_hand {
inline double add(double a, double b) {
    return a + b;
}
}  // namespace by_hand
"""
EXERCISE = BY_HAND.replace("by_hand", "exercise").replace(
    "return a + b;", 'throw nst::Error("add: not written yet");')
MAIN = """#include "by_hand.hpp"
int main() {
    return 0;  // nothing
}
"""
README = """# 02 Add

## Goal
## The tutorial's step, in our words
## The equation
## By hand

<!-- listing: chapters/02_add/by_hand.hpp, add -->
```cpp
inline double add(double a, double b) {
    return a + b;
}
```

## In the library

<!-- listing: lib/include/nst/add.hpp, add -->
```cpp
double add(double a, double b);
```

## Run it

<!-- output: add -->
```text
3
```

## Look

![A picture](add.png)

## Break it

1. One.

   <!-- edit: chapters/02_add/by_hand.hpp -->
   ```diff
   -    return a + b;
   +    return a - b;
   ```

2. Another.

   <!-- edit: chapters/02_add/main.cpp -->
   ```diff
    int main() {
   -    return 0;  // nothing
   +    return 1;
    }
   ```

## Questions

<details></details>
<details></details>
"""
PNG = b"\x89PNG\r\n\x1a\n"


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name, text in (("lib/include/nst/add.hpp", HEADER),
                           ("data/draw.cpp", ""),
                           ("chapters/02_add/by_hand.hpp", BY_HAND),
                           ("chapters/02_add/exercise.hpp", EXERCISE),
                           ("chapters/02_add/main.cpp", MAIN),
                           ("chapters/02_add/README.md", README)):
            self.write(name, text)
        (self.root / "chapters/02_add/add.png").write_bytes(PNG)

    def write(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def change(self, name, old, new):
        text = (self.root / "chapters/02_add" / name).read_text()
        self.assertIn(old, text)
        self.write("chapters/02_add/" + name, text.replace(old, new))

    def expect(self, *parts):
        problems = list(check_layout.check_rules(self.root))
        self.assertEqual(len(problems), len(parts), problems)
        for problem, part in zip(problems, parts):
            self.assertIn(part, problem)

    def test_a_good_chapter_passes(self):
        self.expect()

    def test_a_missing_file(self):
        (self.root / "chapters/02_add/exercise.hpp").unlink()
        self.expect("exercise.hpp is missing")

    def test_a_chapter_to_come_is_let_be(self):
        (self.root / "chapters/02_add/main.cpp").unlink()
        (self.root / "chapters/02_add/exercise.hpp").unlink()
        self.expect()

    def test_a_header_of_a_later_chapter(self):
        self.write("lib/include/nst/late.hpp", "/// Introduced in chapter 03.\nvoid late();\n")
        self.change("main.cpp", "int main", '#include "nst/late.hpp"\nint main')
        self.expect("includes nst/late.hpp")

    def test_a_name_of_a_later_chapter(self):
        self.change("main.cpp", "// nothing", "+ nst::add_backward(1);")
        self.expect("uses nst::add_backward, which chapter 03", "takes away is not in")

    def test_a_header_without_a_chapter(self):
        self.write("lib/include/nst/lost.hpp", "void lost();\n")
        self.expect("lost.hpp: says nowhere")

    def test_by_hand_includes_the_support(self):
        self.change("by_hand.hpp", "<cstddef>", '"support/chapter.hpp"')
        self.expect("includes support/chapter.hpp; only standard and nst")

    def test_by_hand_included_elsewhere(self):
        self.write("lib/src/add.cpp", '#include "02_add/by_hand.hpp"\n')
        self.write("chapters/03_next/main.cpp", '#include "../02_add/by_hand.hpp"\n')
        problems = "\n".join(check_layout.check_by_hand_includes(self.root))
        self.assertIn("lib/src/add.cpp", problems)
        self.assertIn("chapters/03_next/main.cpp", problems)

    def test_a_check_may_include_its_own_chapters_by_hand(self):
        self.write("chapters/02_add/check.cpp", '#include "by_hand.hpp"\n')
        self.expect()
        self.write("chapters/02_add/check.cpp", '#include "03_next/by_hand.hpp"\n')
        self.expect("includes 03_next/by_hand.hpp")

    def test_your_turn_may_be_missing_and_stands_before_the_questions(self):
        self.change("README.md", "## Questions", "## Your turn\n\n## Questions")
        self.expect()
        self.change("README.md", "## Your turn\n\n", "")
        self.change("README.md", "## Goal\n", "## Goal\n## Your turn\n")
        self.expect("the headings are not")

    def test_a_long_main(self):
        self.change("main.cpp", "int main", "int x;\n" * 76 + "int main")
        self.expect()
        self.change("main.cpp", "int main", "// only a comment\n\nint x;\nint main")
        self.expect("81 lines of code, at most 80")

    def test_an_exercise_with_other_functions(self):
        self.change("exercise.hpp", "double b", "double c")
        self.expect("not those of by_hand.hpp")

    def test_a_default_argument_hides_no_function(self):
        self.change("exercise.hpp", "double b)", "Options b = {})")
        self.expect("not those of by_hand.hpp")
        self.change("exercise.hpp", 'throw nst::Error("add: not written yet")', "return a + b")
        self.expect("not those of by_hand.hpp", "does more than throw")

    def test_an_exercise_that_is_written(self):
        self.change("exercise.hpp", 'throw nst::Error("add: not written yet")', "return a + b")
        self.expect("does more than throw")

    def test_a_listing_that_has_drifted(self):
        self.change("README.md", "{\n    return a + b;", "{\n    return b + a;")
        self.expect("the listing is not what")

    def test_a_listing_of_another_function(self):
        self.change("README.md", "nst/add.hpp, add", "nst/add.hpp, subtract")
        self.expect("does not begin with subtract")

    def test_code_without_a_source(self):
        self.change("README.md", "## Questions", "```cpp\nint x;\n```\n\n## Questions")
        self.expect("no comment says where")

    def test_an_edit_of_code_that_is_gone(self):
        self.change("README.md", "-    return a + b;", "-    return a * b;")
        self.expect("takes away is not in chapters/02_add/by_hand.hpp")

    def test_headings_in_another_order(self):
        self.change("README.md", "## Look", "## Looks")
        self.expect("the headings are not")

    def test_pictures(self):
        picture = self.root / "chapters/02_add/add.png"
        picture.write_bytes(PNG + bytes(200 * 1024))
        self.expect("larger than 200 KB")
        picture.write_bytes(b"JFIF")
        self.expect("is no PNG")
        picture.unlink()
        self.expect("is not there")
        picture.write_bytes(PNG)
        (picture.parent / "other.png").write_bytes(PNG)
        self.expect("not shown")

    def test_a_link_to_nowhere(self):
        self.change("README.md", "1. One.", "1. [One](one.md).")
        self.expect("one.md leads nowhere")

    def test_answers_that_are_not_folded(self):
        self.change("README.md", "<details></details>\n<details></details>\n", "Because.\n")
        self.expect("two questions")


class Output(unittest.TestCase):
    def agree(self, expected, got, tolerance=1e-4):
        return check_layout.compare_output(expected.split("\n"), got.split("\n"), tolerance) is None

    def test_words_exactly(self):
        self.assertTrue(self.agree("the loss  is 4", "the loss is 4"))
        self.assertFalse(self.agree("the loss is 4", "The loss is 4"))
        self.assertFalse(self.agree("relu4_2", "relu4_1"))
        self.assertFalse(self.agree("38x50x128", "38x50x64"))

    def test_numbers_within_the_tolerance(self):
        self.assertTrue(self.agree("cost = 12458.93", "cost = 12459.93"))
        self.assertFalse(self.agree("cost = 12458.93", "cost = 12468.93"))
        self.assertTrue(self.agree("cost = 12458.93", "cost = 12468.93", 1e-2))
        self.assertTrue(self.agree("1.5e+08, -2.5", "1.50001e+08, -2.5"))
        self.assertFalse(self.agree("1.5e+08, -2.5", "1.5e+08, 2.5"))
        self.assertFalse(self.agree("3 layers", "4 layers"))

    def test_numbers_within_one_of_the_last_digit(self):
        self.assertTrue(self.agree("0.00", "0.01"))
        self.assertFalse(self.agree("0.00", "0.02"))
        self.assertFalse(self.agree("0", "1"))
        self.assertFalse(self.agree("1.1e-07", "1.3e-07"))

    def test_numbers_that_vary(self):
        self.assertTrue(self.agree("in ~3.2 ms", "in ~41.0 ms"))
        self.assertFalse(self.agree("in ~3.2 ms", "in 3.2 ms"))

    def test_lines_left_out(self):
        self.assertTrue(self.agree("a\n...\nd", "a\nb\nc\nd"))
        self.assertTrue(self.agree("a\n...", "a\nb"))
        self.assertFalse(self.agree("a\n...\nd", "a\nb\nc"))
        self.assertFalse(self.agree("a", "a\nb"))
        self.assertFalse(self.agree("a\nb", "a"))


if __name__ == "__main__":
    unittest.main()
