#!/usr/bin/env python3
"""course_test.py SOURCE BUILD [TEST...]: ./course check 06 end to end, as a student uses it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
STUB = SOURCE / "chapters" / "06_content_loss" / "exercise.hpp"


def solution(name):
    by_hand = SOURCE / "chapters" / name / "by_hand.hpp"
    return by_hand.read_text().replace("by_hand", "exercise")


SOLUTION = solution("06_content_loss")


class Course(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.my = pathlib.Path(folder.name)
        self.file = self.my / "06_content_loss.hpp"

    def course(self, *words, code, **environment):
        command = [SOURCE / "course", *words, "--my", self.my, "--build", BUILD]
        result = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, check=False,
                                env={**os.environ, **environment})
        self.assertEqual(result.returncode, code, result.stdout)
        return result.stdout

    def first_body(self, body):
        """The solution with a different body for its first function."""
        return re.sub(r"(inline double content_loss\(const Tensor3&[^{]*{).*?^}",
                      lambda m: m[1] + "\n" + body + "\n}", SOLUTION, count=1, flags=re.M | re.S)

    def test_from_the_stub_to_passed_and_reset(self):
        self.assertIn("not begun", self.course(code=0))
        text = self.course("check", "06", code=1)
        self.assertIn("Made ", text)
        fresh = self.file.read_text()
        self.assert_students_copy(fresh)
        self.assertIn("1. content_loss, on (H, W, C): not written yet\n"
                      "   double content_loss(const Tensor3& generated", text)
        self.assertIn("J_content = sum over i, j, c", text)
        self.assertIn("Write the functions in ", text)
        self.file.write_text(SOLUTION)
        text = self.course("check", "6", code=0)
        self.assertIn("Passed: exercise 06 is done", text)
        self.assertIn("Next: read chapters/07_gram_matrix/README.md, then ./course check 07", text)
        self.assertIn("(./course next goes to the first one not passed, such as 01).", text)
        self.assertIn("Write the function in ", self.course("check", "07", code=1))
        self.assertRegex(self.course(code=0), r"06 content loss +passed")
        self.assertIn("Kept what you had", self.course("reset", "06", code=0))
        self.assertEqual(self.file.read_text(), fresh)
        self.assertEqual((self.my / "06_content_loss.old1.hpp").read_text(), SOLUTION)
        self.assertNotIn("Kept", self.course("reset", "06", code=0))
        self.assertEqual(self.file.read_text(), fresh)

    def assert_students_copy(self, text):
        """The stub, line for line, except for the line that says whose file it is."""
        stub = STUB.read_text().splitlines()
        changed = [(a, b) for a, b in zip(stub, text.splitlines()) if a != b]
        self.assertEqual(len(text.splitlines()), len(stub))
        self.assertEqual(len(changed), 1)
        self.assertIn("Leave this file as it is", changed[0][0])
        self.assertIn("This file is yours", changed[0][1])

    def test_takes_better_kernels_where_openblas_does_not_know_the_processor(self):
        if "avx2" not in pathlib.Path("/proc/cpuinfo").read_text().split():
            self.skipTest("this processor has no better kernels than the oldest")
        self.file.write_text(SOLUTION)
        text = self.course("check", "06", code=0, OPENBLAS_CORETYPE="", OPENBLAS_VERBOSE="2",
                           LD_PRELOAD=str(BUILD / "lib" / "libnst_openblas_guess.so"))
        self.assertRegex(text, r"Core: Prescott\s+Core: (Haswell|SkylakeX)")

    def test_next_goes_to_the_first_that_is_not_passed(self):
        self.assertIn("Exercise 01 image", self.course("next", code=1))
        (self.my / "01_image.hpp").write_text(solution("01_image"))
        self.file.write_text(SOLUTION)
        self.assertIn("Made ", self.course("next", code=1))
        self.assertTrue((self.my / "02_load_vgg19.hpp").exists())
        self.assertIn("Exercise 02 load vgg19", self.course("next", code=1))

    def test_the_target_lists_the_exercises(self):
        command = ["cmake", "--build", BUILD, "--target", "course"]
        result = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, check=False)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("The exercises, and how far you are:", result.stdout)

    def test_the_list_keeps_the_longest_name_and_its_state_apart(self):
        for words, code in ((), 0), (("check", "--all"), 1):
            text = self.course(*words, code=code)
            columns = {line.index("not begun") for line in text.splitlines() if "not begun" in line}
            self.assertEqual(len(columns), 1, text)
            self.assertRegex(text, r"18 where the weights come from +not begun")

    def test_int_counters_are_not_warned_about(self):
        self.file.write_text(self.first_body(
            "    double sum = 0;\n    for (int i = 0; i < content.shape(0); ++i) sum += i;\n"
            "    return sum;"))
        text = self.course("check", "06", code=1)
        self.assertIn("content_loss, on (H, W, C): not right yet", text)
        self.assertNotIn("warns", text)

    def test_a_wrong_constant_is_shown_and_named(self):
        self.file.write_text(SOLUTION.replace("4 * static_cast<double>(height",
                                              "static_cast<double>(height"))
        text = self.course("check", "06", code=1)
        self.assertIn("The first that fails: one number", text)
        self.assertRegex(text, r"expected +1\n")
        self.assertRegex(text, r"got +4\n")
        self.assertIn("Hint: 4 times too large: is the 1/4 there?", text)
        report = json.loads(self.course("check", "--all", "--json", code=1))
        exercise = next(e for e in report["exercises"] if e["exercise"] == "06_content_loss")
        self.assertEqual(exercise["state"], "wrong")
        self.assertEqual([f["state"] for f in exercise["functions"]],
                         ["wrong", "passed", "passed"])

    def test_a_loop_one_step_too_far_is_told_although_a_case_before_is_wrong(self):
        self.file.write_text(self.first_body(
            "    double sum = 1;\n    if (content.size() == 1) return 2;\n"
            "    for (int i = 0; i <= content.shape(0); ++i) sum += content(i, 0, 0);\n"
            "    return sum;"))
        text = self.course("check", "06", code=1)
        self.assertRegex(text, r"The first that fails: one number\n(.*\n)+ +got +2\n")
        self.assertRegex(text, r"And one that throws: .*\n(.*\n)+.*index 2 is out of bounds")
        self.assertIn("The cases after it were not tried.", text)
        self.assertIn("Hint: does a loop run one step too far (<= instead of <)?", text)

    def test_what_is_in_new_memory_is_no_number_by_luck(self):
        text = solution("07_gram_matrix").replace("gram(a, b) = ", "gram(a, b) += ")
        (self.my / "07_gram_matrix.hpp").write_text(text)
        text = self.course("check", "07", code=1)
        self.assertIn("Hint: not a sensible number: is something used before it is set", text)
        self.assertEqual(text.count("Hint:"), 1)

    def test_a_compile_error_has_the_line_in_the_students_file(self):
        self.file.write_text(self.first_body("    return 1 +;"))
        line = 1 + self.file.read_text().splitlines().index("    return 1 +;")
        text = self.course("check", "06", code=1)
        self.assertIn("does not compile", text)
        self.assertRegex(text, rf"06_content_loss\.hpp:{line}:\d+: error:")
        self.assertLess(len(text.splitlines()), 30)

    def test_known_errors_of_the_compiler_are_explained(self):
        gram = solution("07_gram_matrix")
        made = "Matrix gram = Matrix::from_shape({channels, channels});"
        for wrong, hint in (
                (gram.replace("features(i, j, a)", "features[i][j][a]"), "with round brackets"),
                (gram.replace(made, "Matrix gram(channels, channels);"),
                 r"Matrix::from_shape\({rows, columns}\) makes a matrix"),
                (gram.replace("    return gram;", "    std::cout << gram;\n    return gram;"),
                 "cannot be printed whole"),
                (gram.replace("gram_matrix(", "gram("), "must stay as in the fresh file"),
                (gram.replace("const Tensor3&", "Tensor3"), "must stay as in the fresh file")):
            (self.my / "07_gram_matrix.hpp").write_text(wrong)
            text = self.course("check", "07", code=1)
            self.assertRegex(text, "(?s)Hint: .*" + hint)
            self.assertLess(len(text.splitlines()), 22)
        self.file.write_text(self.first_body("    return 0;\n").replace("return 0;\n\n}", "", 1))
        self.assertIn("Hint: A } is missing", self.course("check", "06", code=1))

    def test_a_missing_return_is_not_run(self):
        self.file.write_text(self.first_body("    double sum = 0;"))
        text = self.course("check", "06", code=1)
        self.assertIn("Hint: a return is missing (see the warning below)", text)
        self.assertRegex(text, r"06_content_loss\.hpp:\d+:\d+: warning: (no return statement|"
                               r"non-void function does not return)")
        self.assertNotIn("never end", text)
        self.assertRegex(self.course(code=0), r"06 content loss +a return is missing")

    def test_a_hat_is_no_power(self):
        text = solution("08_style_loss")
        (self.my / "08_style_loss.hpp").write_text(text.replace(
            "4 * size * size", "4.0 * (generated.size()^2)") + "// 2^2\n")
        line = 1 + next(k for k, t in enumerate(text.splitlines()) if "4 * size * size" in t)
        text = self.course("check", "08", code=1)
        self.assertIn(f"Hint: line {line}: in C++ ^ is not a power: write size * size.", text)
        self.assertEqual(text.count("Hint:"), 1)
        (self.my / "08_style_loss.hpp").write_text(
            solution("08_style_loss").replace("4 * size * size", "4 * size ^ 2"))
        self.assertIn("Hint: In C++ ^ is not a power", self.course("check", "08", code=1))

    def test_an_endless_loop_is_stopped(self):
        self.file.write_text(self.first_body(
            "    volatile bool on = true;\n    while (on) {}\n    return 0;"))
        text = self.course("check", "06", "--time-limit", "1", code=1)
        self.assertIn("does a loop never end?", text)

    def test_crashes_are_told_in_words(self):
        self.file.write_text(self.first_body("    return content(content.shape(0), 0, 0);"))
        self.assertIn("out of bounds for axis 0", self.course("check", "06", code=1))
        self.file.write_text(self.first_body(
            "    volatile double* nowhere = nullptr;\n    return *nowhere;"))
        self.assertIn("segmentation fault", self.course("check", "06", code=1))

    def test_a_default_argument_hides_no_function(self):
        stub = (SOURCE / "chapters" / "12_adam" / "exercise.hpp").read_text()
        (self.my / "12_adam.hpp").write_text(stub + "// begun\n")
        text = self.course("check", "12", code=1)
        self.assertIn("   void adam_step(Tensor3& x", text)
        self.assertIn("not written yet", text)

    def test_nobody_reads_on(self):
        command = [SOURCE / "course", "--my", self.my, "--build", BUILD]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.returncode, -signal.SIGPIPE)

    def test_wrong_usage(self):
        self.assertIn("there is no exercise", self.course("check", "99", code=2))
        self.course("check", code=2)
        self.course("chekc", code=2)
        for script, words in (("demo", ["--help"]), ("check", ["--help"]), ("check", ["--full"] * 2)):
            result = subprocess.run([SOURCE / script, *words], text=True, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, check=False)
            self.assertEqual(result.returncode, 2, result.stdout)
            self.assertRegex(result.stdout, f"^usage: ./{script}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
