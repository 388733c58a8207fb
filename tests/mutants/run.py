#!/usr/bin/env python3
"""Mutants that must die: deliberate mistakes, each of which some test must find.

    run.py BUILD_FOLDER [NAME...]

Each NAME.patch in this folder makes one mistake in one file of lib/src, and describes it. For each
patch, or for the named ones, the script builds the libraries with the mistake in
BUILD_FOLDER/mutants, links the tests of BUILD_FOLDER with them and runs these until one fails. Exit
code 1 when a mutant survives or does not build; 2 when the libraries without a mistake do not pass.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIMIT = 600  # seconds per program; a mutant that hangs counts as found

# The tests that find most in the least time come first; files with the prefixes in FIRST have more
# specific tests.
TESTS = ["gradient_test", "golden_nst_f64_test", "winograd_test", "unit_test", "golden_nst_test",
         "unit_test_f64", "allocation_test", "image_test", "mat_test", "mat_f64_test",
         "winograd_test_f64"]
FIRST = {"mat_": ["mat_test", "mat_f64_test"], "vgg19": ["mat_test", "mat_f64_test"],
         "image_": ["image_test"], "atomic_file": ["mat_test"], "printable": ["unit_test"],
         "classifier": ["unit_test"], "lbfgs": ["unit_test"]}


def run(words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, **more)


class Workshop:
    """A copy of the sources, the libraries built from the copy, and tests linked with them."""

    def __init__(self, build):
        self.tests = build
        self.source = build / "mutants" / "source"
        self.build = build / "mutants" / "build"

    def copy(self):
        shutil.rmtree(self.source, ignore_errors=True)
        self.source.mkdir(parents=True)
        for name in ("CMakeLists.txt", "lib", "data"):
            place = ROOT / name
            # not copy2: objects of an earlier run may come from a mutant and must look outdated
            if place.is_dir():
                shutil.copytree(place, self.source / name, copy_function=shutil.copy)
            else:
                shutil.copy(place, self.source / name)

    def make(self):
        """Builds the libraries. Returns the compiler's output on failure, else nothing."""
        if not (self.build / "build.ninja").is_file():
            result = run(["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja",
                          "-DCMAKE_BUILD_TYPE=Release", "-DNST_TESTS=OFF",
                          "-DNST_CHAPTERS=OFF"])
            if result.returncode != 0:
                return result.stdout
        result = run(["cmake", "--build", self.build, "--target", "nst_static",
                      "nst_f64_static"])
        return result.stdout if result.returncode != 0 else ""

    def link(self, name):
        """Links a test's own objects with the libraries of the copy, by the command that linked it
        with those of the build. Returns the program's path."""
        program = self.build / "bin" / name
        program.parent.mkdir(exist_ok=True)
        command = run(["ninja", "-C", self.tests, "-t", "commands", "-s", f"bin/{name}"]).stdout
        command = re.search(r": && (.*? -o bin/.*?) &&", command).group(1)
        command = command.replace(f" -o bin/{name} ", f" -o {program} ")
        command = re.sub(r"\blib/(libnst(_f64)?_static\.a)", rf"{self.build}/lib/\1", command)
        result = run(command, shell=True, cwd=self.tests)
        if result.returncode != 0:
            raise RuntimeError(f"{name} cannot be linked: {result.stdout[-2000:]}")
        return program

    def first_failure(self, file=""):
        """The first program that fails, with its first failing test; nothing when all pass. The
        most specific tests for the changed file come first."""
        first = [test for start, tests in FIRST.items() if Path(file).name.startswith(start)
                 for test in tests]
        for name in first + [name for name in TESTS if name not in first]:
            try:
                result = run([self.link(name), "--abort"], timeout=LIMIT)
            except subprocess.TimeoutExpired:
                return f"{name}: no end after {LIMIT} s"
            if result.returncode != 0:
                return f"{name}: {failing_test(result.stdout)}"
        return ""

    def try_mutant(self, patch):
        """The verdict on one mutant: how it was found, "survived", or why it is invalid."""
        text = patch.read_text()
        files = [line[6:].strip() for line in text.splitlines() if line.startswith("+++ b/")]
        applied = run(["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", "-d", self.source,
                       "-i", patch])
        try:
            if applied.returncode != 0 or len(files) != 1:
                return "does not apply: " + applied.stdout.replace("\n", " ")
            problem = self.make()
            if problem:
                return "does not build: " + problem[-2000:]
            return self.first_failure(files[0]) or "survived"
        finally:
            for file in files:
                shutil.copy(ROOT / file, self.source / file)


def failing_test(output):
    """Catch2's report prints a test's name between two lines of dashes, before its messages."""
    before, failed, _ = output.partition("FAILED")
    names = re.findall(r"^-{70,}\n(.*)", before, re.MULTILINE)[::2]
    return names[-1] if failed and names else "it crashed"


def main():
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    workshop = Workshop(Path(sys.argv[1]).resolve())
    patches = sorted(HERE.glob("*.patch"))
    if sys.argv[2:]:
        patches = [HERE / f"{name}.patch" for name in sys.argv[2:]]
        missing = [patch.name for patch in patches if not patch.is_file()]
        if missing:
            print("there is no " + ", ".join(missing))
            return 2
    workshop.copy()
    problem = workshop.make() or workshop.first_failure()
    if problem:
        print(f"without a mistake, already: {problem}")
        return 2
    bad = []
    for patch in patches:
        begin = time.monotonic()
        verdict = workshop.try_mutant(patch)
        alive = verdict.startswith(("survived", "does not"))
        if alive:
            bad.append(patch.stem)
        print(f"{'ALIVE' if alive else 'dead '}  {patch.stem}  ({time.monotonic() - begin:.0f} s)  "
              f"{verdict}", flush=True)
    print(f"{len(patches) - len(bad)} of {len(patches)} mutants are dead"
          + (f"; not so: {', '.join(bad)}" if bad else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
