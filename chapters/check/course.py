"""./course: lists the exercises, checks what a student has written, and says what is wrong.

Everything is told from the student's files themselves: they are compiled against the built library
and tried. Needs nothing but Python 3's standard library.
"""

import argparse
import json
import pathlib
import re
import signal
import sys
import textwrap

import runner

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSED, NOT_YET, USAGE = 0, 1, 2
WIDTH = 96
PRISTINE = "// Leave this file as it is: yours is a copy of it.\n"  # in every exercise.hpp

STATES = {
    "passed": "passed",
    "wrong": "not right yet",
    "not written": "not written yet",
    "not begun": "not begun",
    "does not compile": "does not compile",
    "no return": "a return is missing",
    "crashed": "crashes",
    "stopped": "does not come to an end",
}


class UsageError(Exception):
    """What the student asked for is not there; one line says what is."""


# ---- The exercises ---------------------------------------------------------------------------

def chapters():
    """The chapters that have an exercise and a check, such as "06_content_loss", in order."""
    folders = sorted((ROOT / "chapters").glob("[0-9][0-9]_*"))
    return [folder.name for folder in folders
            if (folder / "exercise.hpp").exists() and (folder / "check.hpp").exists()]


def chapter_named(word):
    """"06", "6" or "06_content_loss"."""
    for name in chapters():
        if word == name or (word.isdigit() and int(word) == int(name[:2])):
            return name
    numbers = ", ".join(name[:2] for name in chapters())
    raise UsageError(f'there is no exercise "{word}"; there are {numbers}')


def title(name):
    return f"{name[:2]} {name[3:].replace('_', ' ')}"


def stub(name):
    return ROOT / "chapters" / name / "exercise.hpp"


def students_file(options, name):
    return options.my / (name + ".hpp")


def fresh_copy(name):
    """The stub with words for the student, on as many lines as before."""
    yours = (f"// This file is yours: write in it. ./course check {name[:2]} tries it, "
             f"./course reset {name[:2]} gives a fresh one.\n")
    return stub(name).read_text().replace(PRISTINE, yours, 1)


def make_fresh(options, name):
    file = students_file(options, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(fresh_copy(name))


def shown(path):
    """The path as one would type it in the project's folder."""
    path = pathlib.Path(path)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def assignments(name):
    """[(docstring, signature)] of the functions of an exercise."""
    pattern = r"((?:^///[^\n]*\n)+)inline ((?:{}|[^{;])*\))\s*{"
    return [(re.sub(r"^/// ?", "", text, flags=re.M).strip(), " ".join(signature.split()))
            for text, signature in re.findall(pattern, stub(name).read_text(), flags=re.M)]


def function_names(name):
    """What the functions of an exercise are called when they are told apart, as in the reports."""
    return re.findall(r'throw nst::Error\("([^"]*): not written yet"\)', stub(name).read_text())


def is_begun(options, name):
    file = students_file(options, name)
    untouched = (fresh_copy(name).encode(), stub(name).read_bytes())
    return file.exists() and file.read_bytes() not in untouched


def mark(options, name):
    """What becomes of the student's file for a chapter; without one, or with the stub, nothing."""
    if not students_file(options, name).exists():
        return runner.Report("not begun")
    if not is_begun(options, name):
        return runner.Report("not written")
    return runner.check(ROOT, options.build, students_file(options, name), name,
                        options.time_limit)


# ---- What is printed -------------------------------------------------------------------------

def print_wrapped(text, indent, first=None):
    print(textwrap.fill(text, WIDTH, initial_indent=indent if first is None else first,
                        subsequent_indent=indent, break_long_words=False))


def print_indented(text, indent):
    for line in text.splitlines():
        print((indent + line).rstrip())


def print_failures(function):
    """The first wrong case, and one that ends with an exception after it."""
    failed = [case for case in function.cases if case.mark not in ("right", "")]
    if failed:
        print_failure(failed[0], "The first that fails")
    for case in failed[1:]:
        if case.words:
            print_failure(case, "And one that throws")
    if function.untried:
        print("\n   The cases after it were not tried.")


def print_failure(case, what):
    print(f"\n   {what}: {case.name}")
    for name, value in case.inputs:
        print_wrapped(value, " " * 15, first=f"     {name:<9} ")
    for expected, got in zip(case.expected, case.got):
        print_wrapped(expected, " " * 15, first="     expected  ")
        print_wrapped(got, " " * 15, first="     got       ")
    if case.words:
        print_wrapped(case.words, "     ")


def print_function(number, function, assignment):
    text, signature = assignment
    print(f"\n{number}. {function.name}: {STATES[function.state]}")
    if function.state == "passed":
        print(f"   {len(function.cases)} cases are right.")
    else:
        print(f"   {signature}\n")
        print_indented(text, "   | ")
        if function.state != "not written":
            print()
            for case in function.cases:
                print(f"   {case.mark:<8}{case.name}")
            print_failures(function)
    for hint in function.hints:
        print()
        print_wrapped(hint, "         ", first="   Hint: ")
    if function.gradient:
        print("\n   The gradient check: " + STATES[function.gradient[0]].replace("passed", "right"))
        print_indented(function.gradient[1], "     ")


def print_report(options, name, report):
    file = shown(students_file(options, name))
    print(f"Exercise {title(name)}, your file {file}")
    if report.state == "does not compile":
        print("\nIt does not compile yet. The compiler says:\n")
        print_indented(report.words, "   ")
        if report.explained:
            print()
            print_wrapped(report.explained, "         ", first="   Hint: ")
    elif report.state == "no return":
        print("\n   Hint: a return is missing (see the warning below). Nothing was tried.")
    else:
        tasks = assignments(name)
        for number, function in enumerate(report.functions, 1):
            print_function(number, function, tasks[number - 1])
        left = tasks[len(report.functions):]
        if report.state in ("crashed", "stopped"):
            print("\n   What comes after this was not tried.")
        elif not report.functions:
            for number, (called, task) in enumerate(zip(function_names(name), left), 1):
                print_function(number, runner.Function(called, "not written"), task)
    if report.printed:
        print("\nYour code printed:")
        print_indented(report.printed, "   ")
    if report.warnings and report.state != "passed":
        print("\nThe compiler warns, which may have to do with it:\n")
        print_indented(report.warnings, "   ")
    print_end(options, name, report, file)


def print_end(options, name, report, file):
    short = name[:2]
    print()
    if report.state == "passed":
        print(f"Passed: exercise {short} is done. Compare with chapters/{name}/by_hand.hpp.")
        print_next(options, name)
    elif report.state in ("not written", "not begun"):
        what = (f"Write the function in {file}" if len(assignments(name)) == 1 else
                f"Write the functions in {file}, one after the other,")
        print(f"{what} and run ./course check {short} again.")
    else:
        print(f"Not yet. Change {file} and run ./course check {short} again.")


def print_next(options, name):
    """The chapter after this one, and where ./course next goes if that is another."""
    left = [other for other in chapters() if other != name and not is_begun(options, other)]
    after = [other for other in left if other > name]
    if not left:
        print("./course shows how far you are.")
    elif not after or after[0] == left[0]:
        print(f"Next: read chapters/{left[0]}/README.md, then ./course check {left[0][:2]}")
    else:
        print(f"Next: read chapters/{after[0]}/README.md, then ./course check {after[0][:2]}")
        print(f"(./course next goes to the first one not passed, such as {left[0][:2]}).")


# ---- The commands ----------------------------------------------------------------------------

def list_chapters(options, reports):
    print("The exercises, and how far you are:\n")
    width = max(len(title(name)) for name in reports) + 2
    for name, report in reports.items():
        state = STATES[report.state]
        if report.state == "wrong" or (report.state == "not written" and report.functions):
            passed = sum(function.state == "passed" for function in report.functions)
            state += f", {passed} of {len(report.functions)} functions pass"
        print(f"  {title(name):<{width}}{state}")
    done = sum(report.state == "passed" for report in reports.values())
    print(f"\n{done} of {len(reports)} passed.", end=" ")
    upcoming = next((n for n in reports if reports[n].state != "passed"), None)
    if upcoming:
        print(f"Next: read chapters/{upcoming}/README.md, then ./course check {upcoming[:2]}")
    else:
        print("There is nothing left to do.")


def prepare(options, names):
    begun = [name for name in names if is_begun(options, name)]
    if begun and not options.built:
        runner.build(ROOT, options.build, begun)


def run_list(options):
    prepare(options, chapters())
    list_chapters(options, {name: mark(options, name) for name in chapters()})
    return PASSED


def run_next(options):
    for name in chapters():
        prepare(options, [name])
        if mark(options, name).state != "passed":
            return run_one(options, name)
    print("Every exercise is passed. There is nothing left to do.")
    return PASSED


def run_one(options, name):
    file = students_file(options, name)
    if not file.exists():
        make_fresh(options, name)
        print(f"Made {shown(file)}: this file is yours. What it is about is in "
              f"chapters/{name}/README.md\n")
    prepare(options, [name])
    report = mark(options, name)
    if options.json:
        print(json.dumps(report_as_json(name, report), indent=2))
    else:
        print_report(options, name, report)
    return PASSED if report.state == "passed" else NOT_YET


def report_as_json(name, report):
    functions = [{"name": function.name, "state": function.state,
                  "cases": len(function.cases),
                  "cases_right": sum(case.mark == "right" for case in function.cases),
                  "hints": function.hints} for function in report.functions]
    return {"exercise": name, "state": report.state, "functions": functions}


def run_all(options):
    prepare(options, chapters())
    reports = {name: mark(options, name) for name in chapters()}
    passed = sum(report.state == "passed" for report in reports.values())
    if options.json:
        exercises = [report_as_json(name, report) for name, report in reports.items()]
        print(json.dumps({"folder": shown(options.my), "passed": passed, "of": len(reports),
                          "exercises": exercises}, indent=2))
    else:
        list_chapters(options, reports)
    return PASSED if passed == len(reports) else NOT_YET


def run_check(options):
    if options.all == bool(options.chapter):
        raise UsageError("check wants the number of a chapter, such as 06, or --all")
    return run_all(options) if options.all else run_one(options, chapter_named(options.chapter))


def run_reset(options):
    name = chapter_named(options.chapter)
    file = students_file(options, name)
    if is_begun(options, name):
        number = 1
        while (kept := file.with_name(f"{name}.old{number}.hpp")).exists():
            number += 1
        file.rename(kept)
        print(f"Kept what you had as {shown(kept)}")
    make_fresh(options, name)
    print(f"{shown(file)} is fresh again.")
    return PASSED


def common_options():
    """A parser of what may stand before and after the command."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--my", metavar="FOLDER", type=pathlib.Path,
                        help="where the student's files are (default: my)")
    common.add_argument("--build", metavar="FOLDER", type=pathlib.Path, help=argparse.SUPPRESS)
    common.add_argument("--built", action="store_true", help=argparse.SUPPRESS)
    common.add_argument("--time-limit", metavar="SECONDS", type=int,
                        help="of computing, after which a check is stopped (default: 10)")
    return common


def arguments():
    parser = argparse.ArgumentParser(
        prog="./course", parents=[common_options()],
        description="The exercises of the chapters. Without a command: lists them, and how far "
                    "you are. Exit code 0: passed, 1: not yet, 2: wrong usage.")
    parser.set_defaults(my=ROOT / "my", build=ROOT / "build" / "release", time_limit=10,
                        built=False, json=False, run=run_list)
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name, run, words):
        command = commands.add_parser(name, parents=[common_options()], help=words,
                                      description=words)
        command.set_defaults(run=run)
        return command

    check = add("check", run_check, "check 06: tries what you have written for chapter 06, in my/; "
                "makes the file at first")
    check.add_argument("chapter", nargs="?")
    check.add_argument("--all", action="store_true", help="all exercises")
    check.add_argument("--json", action="store_true", help="for a program that reads it",
                       default=argparse.SUPPRESS)
    add("next", run_next, "checks the first exercise that is not passed")
    reset = add("reset", run_reset, "reset 06: keeps your file under another name and makes a "
                "fresh one")
    reset.add_argument("chapter")
    return parser


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `./course | head` ends quietly
    options = arguments().parse_args()
    options.my = options.my.resolve()
    options.build = options.build.resolve()
    try:
        return options.run(options)
    except UsageError as error:
        print(f"./course: {error}", file=sys.stderr)
        return USAGE
    except runner.BuildError as error:
        print(error, file=sys.stderr)
        return USAGE


if __name__ == "__main__":
    sys.exit(main())
