"""Compiles a student's file, runs it within limits, and reads what happened."""

import dataclasses
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys

MEMORY_LIMIT = 4 << 30      # bytes of address space
WALL_TIME_FACTOR = 6        # a program that sleeps uses no processor time
OUTPUT_LINES = 20           # of what the student's code prints
COMPILER_LINES = 10
LINE_LENGTH = 300           # a type of a tensor alone can have more
# New memory is filled with 0xfe, that of small pieces used before too: nothing is 0 or right by luck.
MEMORY = {"MALLOC_PERTURB_": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}


class BuildError(Exception):
    """The project itself could not be built."""


@dataclasses.dataclass
class Case:
    name: str
    mark: str = ""  # "right", "WRONG", "throws", "crashes", "stops"
    inputs: list = dataclasses.field(default_factory=list)
    expected: list = dataclasses.field(default_factory=list)
    got: list = dataclasses.field(default_factory=list)
    words: str = ""


@dataclasses.dataclass
class Function:
    name: str
    state: str = "passed"
    cases: list = dataclasses.field(default_factory=list)
    hints: list = dataclasses.field(default_factory=list)
    gradient: tuple = ()  # (state, words)
    untried: bool = False  # whether cases after the last one are left


@dataclasses.dataclass
class Report:
    state: str
    functions: list = dataclasses.field(default_factory=list)
    words: str = ""     # of the compiler
    explained: str = ""  # the same for somebody new to C++, where the error is known
    warnings: str = ""
    printed: str = ""   # by the student's code


# ---- Building --------------------------------------------------------------------------------

def run_quietly(command, folder):
    result = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False)
    if result.returncode != 0:
        raise could_not_build(command, result.stdout)
    return result.stdout


def could_not_build(command, said):
    lines = "\n".join(said.splitlines()[-OUTPUT_LINES:])
    return BuildError(f"{lines}\n./course: could not build the project: "
                      f"{' '.join(map(str, command))} failed")


def run_counting(command, folder):
    """Runs ninja; on a terminal with a counter of its steps, as [12/71]."""
    if not sys.stderr.isatty():
        run_quietly(command, folder)
        return
    lines = []
    with subprocess.Popen(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        for line in process.stdout:
            lines.append(line)
            counter = re.match(r"\[\d+/\d+\]", line)
            if counter:
                print(f"\r{counter[0]} ", end="", file=sys.stderr, flush=True)
    print("\r" + " " * 20 + "\r", end="", file=sys.stderr, flush=True)
    if process.returncode != 0:
        raise could_not_build(command, "".join(lines))


def build(root, folder, names):
    """Builds what the exercises are checked with, where it is missing or old, and says so."""
    targets = ["check_" + name for name in names]
    if not (folder / "CMakeCache.txt").exists():
        print("Setting up the build, once ...", file=sys.stderr, flush=True)
        run_quietly(["cmake", "--preset", "release", "-DNST_TESTS=OFF", "-B", folder], root)
    elif not all((folder / "course" / (name + ".libraries")).exists() for name in names):
        run_quietly(["cmake", folder], root)
    command = ["cmake", "--build", folder, "--target", *targets]
    pending = run_quietly([*command, "--", "-n"], root)
    steps = re.findall(r"^\[\d+/(\d+)\]", pending, flags=re.M)
    if steps and int(steps[-1]) > 1:
        print(f"Compiling, {steps[-1]} steps, some minutes the first time ...", file=sys.stderr,
              flush=True)
    run_counting(command, root)


def read_lines(file):
    return file.read_text().split("\n")[:-1]


def is_current(program, depends):
    """Whether the program is newer than everything that it was made of."""
    if not (program.exists() and depends.exists()):
        return False
    made = program.stat().st_mtime_ns
    files = depends.read_text().replace("\\\n", " ").split(":", 1)[1].split()
    return all(os.path.exists(f) and os.stat(f).st_mtime_ns < made for f in files)


def precompiled(folder, compiler, options):
    """The folder with the precompiled header of what every exercise includes, made when it is
    missing or old; g++ finds it beside the header's name."""
    header = folder / "course" / "nst_check.hpp"
    output = header.with_suffix(".hpp.gch")
    depends = header.with_suffix(".d")
    if not is_current(output, depends) or output.stat().st_mtime < \
            (folder / "course" / "options").stat().st_mtime:
        header.write_text('#include "check/check.hpp"\n')
        run_quietly([compiler, *options, "-x", "c++-header", header, "-o", output, "-MMD", "-MF",
                     depends], folder)
    return header


def compile_file(root, folder, file, name):
    """Compiles a student's file. Returns (program or None, what the compiler says)."""
    settings = folder / "course"
    (settings / "bin").mkdir(exist_ok=True)
    key = re.sub(r"\W", "_", str(file))
    program = settings / "bin" / key
    depends = program.with_suffix(".d")
    said = program.with_suffix(".warnings")
    libraries = read_lines(settings / (name + ".libraries"))
    newest = max(os.stat(f).st_mtime_ns for f in libraries if not f.startswith("-"))
    if is_current(program, depends) and program.stat().st_mtime_ns > newest and said.exists():
        return program, said.read_text()
    compiler = read_lines(settings / "compiler")[0]
    options = read_lines(settings / "options")
    command = [compiler, *options, "-fdiagnostics-color=never",
               "-include", precompiled(folder, compiler, options),
               f'-DNST_STUDENT_FILE="{file}"',
               f'-DNST_CHECK_FILE="{root}/chapters/{name}/check.hpp"',
               "-MMD", "-MF", depends, root / "chapters" / "check" / "student.cpp",
               "-o", program, *libraries]
    result = subprocess.run(command, cwd=root, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False,
                            env={**os.environ, "LC_ALL": "C.UTF-8"})
    words = shorten(result.stdout, root, file)
    said.write_text(words)
    return (program if result.returncode == 0 else None), words


# What the compiler says of mistakes that many make, and a sentence that helps more.
EXPLANATIONS = [
    (r"invalid types .* for array subscript|no match for .operator\[\]|subscripted value is not",
     "A number of a tensor is t(i, j, c), one of a matrix m(a, b): with round brackets and commas."),
    (r"no matching function for call to .xt::xtensor_container<.*::xtensor_container\(|"
     r"no matching constructor for initialization of .(Vector|Matrix|Tensor3|Filters|Image)",
     "Matrix::from_shape({rows, columns}) makes a matrix, Tensor3::from_shape({H, W, C}) a tensor."),
    (r"no match for .operator<<|operator<<.* no match|"
     r"invalid operands to binary expression[^\n]*\n[^\n]*<<",
     "A tensor cannot be printed whole: print single numbers."),
    (r"function.definition is not allowed here|expected .}. at end of input",
     "A } is missing in the function before, or at the end."),
    (r"is not a member of .exercise|no matches converting function|cannot convert .* \(\*\)\(|"
     r"invalid conversion from .* \(\*\)\(|could not convert .* \(\*\)\(|"
     r"no member named .* in namespace .exercise|address of overloaded function .* does not match|"
     r"cannot initialize a member subobject of type .* \(\*\)\(",
     "The names and the parameters of the functions must stay as in the fresh file."),
    (r"to binary .operator\^|invalid operands to binary expression[^\n]*\n[^\n]*\^",
     "In C++ ^ is not a power: write size * size."),
]


def explain(words):
    """A sentence for the first error that has one, or nothing."""
    lines = words.splitlines()
    for error, source in zip(lines, [*lines[1:], ""]):
        for pattern, sentence in EXPLANATIONS:
            if "error:" in error and re.search(pattern, error + "\n" + source):
                return sentence
    return ""


def shorten(words, root, file):
    """What the compiler says, without the way through includes, the student's file by its name."""
    lines = [line for line in words.splitlines()
             if not re.match(r"In file included from|\s+from |compilation terminated", line)]
    text = "\n".join(lines).replace(str(file), display_name(root, file)).replace(f"{root}/", "")
    lines = text.splitlines()
    if len(lines) > COMPILER_LINES:
        lines = [*lines[:COMPILER_LINES], f"... ({len(lines) - COMPILER_LINES} more lines)"]
    return "\n".join(line if len(line) <= LINE_LENGTH else line[:LINE_LENGTH] + " ..."
                     for line in lines)


def display_name(root, file):
    return str(file.relative_to(root)) if file.is_relative_to(root) else file.name


# ---- Running ---------------------------------------------------------------------------------

def set_limits(seconds):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_program(program, log, seconds):
    """(exit code, what was printed); the exit code is None when time was up."""
    environment = {**os.environ, **MEMORY, "OMP_NUM_THREADS": "1"}
    printed = log.with_suffix(".printed")
    with printed.open("wb") as output:
        process = subprocess.Popen([program, log], stdout=output, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, env=environment,
                                   start_new_session=True, preexec_fn=lambda: set_limits(seconds))
        try:
            code = process.wait(timeout=seconds * WALL_TIME_FACTOR)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code = None
    with printed.open("rb") as output:
        words = output.read(100000).decode(errors="replace").splitlines()
    printed.unlink()
    text = "\n".join([*words[:OUTPUT_LINES], *(["..."] if len(words) > OUTPUT_LINES else [])])
    return (None if code in (-signal.SIGXCPU, -signal.SIGKILL) else code), text


CRASHES = {
    signal.SIGSEGV: "it reads or writes memory that is not its own (segmentation fault): does an "
                    "index run out of bounds, or a function call itself without end?",
    signal.SIGBUS: "it reads or writes memory that is not there (bus error): does an index run "
                   "out of bounds?",
    signal.SIGFPE: "it divides a whole number by 0",
    signal.SIGILL: "it runs into an instruction that does not exist: does a function end without "
                   "a return?",
    signal.SIGTRAP: "it runs into an instruction that does not exist: does a function end without "
                    "a return?",
    signal.SIGABRT: "it is aborted: was memory written out of bounds, or an assertion broken?",
}


def check(root, folder, file, name, seconds):
    """Compiles and tries a student's file."""
    program, words = compile_file(root, folder, file, name)
    if program is None:
        return Report("does not compile", words=words, explained=explain(words))
    if "-Wreturn-type" in words:
        return Report("no return", warnings=words)
    log = program.with_suffix(f".{os.getpid()}.log")
    log.unlink(missing_ok=True)
    code, printed = run_program(program, log, seconds)
    events = read_events(log)
    log.unlink(missing_ok=True)
    functions = functions_of(events)
    report = Report("passed", functions, warnings=words, printed=printed)
    if ("end", "") not in events:
        told_in_words(report, code, seconds)
    else:
        states = {function.state for function in functions}
        report.state = next((s for s in ("wrong", "not written") if s in states), "passed")
        name_hats(report, file)
    return report


def name_hats(report, file):
    """Where the student's code has ^, that is asked about and nothing else: it gives numbers that
    look like other mistakes."""
    lines = [re.sub(r'//.*|"[^"]*"', "", line)
             for line in file.read_text(errors="replace").splitlines()]
    wrong = [function for function in report.functions if function.state == "wrong"]
    number = next((k for k, line in enumerate(lines, 1) if "^" in line), None)
    if wrong and number:
        wrong[0].hints = [f"line {number}: in C++ ^ is not a power: write size * size."]


def told_in_words(report, code, seconds):
    """The program ended before its end."""
    if code is None:
        report.state, mark = "stopped", "stops"
        words = f"it was stopped after {seconds} seconds of computing: does a loop never end?"
    else:
        report.state, mark = "crashed", "crashes"
        words = CRASHES.get(-code if code < 0 else 0,
                            f"it ended the program, with exit code {code}")
    if report.functions:
        function = report.functions[-1]
        function.state = report.state
        function.hints = [words]
        if function.cases and not function.cases[-1].mark:
            function.cases[-1].mark = mark


def read_events(log):
    if not log.exists():
        return []
    lines = log.read_text(errors="replace").splitlines()
    unescape = {"\\n": "\n", "\\\\": "\\"}
    return [(key, re.sub(r"\\[n\\]", lambda m: unescape[m[0]], words))
            for key, _, words in (line.partition("\t") for line in lines)]


def functions_of(events):
    """The functions with their cases, from the lines of a log (try_function in check.hpp)."""
    functions = []
    for key, words in events:
        function = functions[-1] if functions else None
        case = function.cases[-1] if function and function.cases else None
        if key == "function":
            functions.append(Function(words))
        elif key == "case":
            function.cases.append(Case(words))
        elif key == "passed":
            case.mark = "right"
        elif key in ("failed", "threw"):
            case.mark = "WRONG" if key == "failed" else "throws"
            case.words = words and f"it throws: {words}"
            function.state = "wrong"
        elif key == "untried":
            function.untried = True
        elif key == "not written":
            case.words, function.state = words, "not written"
        elif key == "input":
            case.inputs.append(tuple(words.split("\t", 1)))
        elif key in ("expected", "got"):
            getattr(case, key).append(words)
        elif key == "hint":
            function.hints.append(words)
        elif key in ("gradient passed", "gradient failed"):
            function.gradient = ("passed" if key == "gradient passed" else "wrong", words)
            if key == "gradient failed":
                function.state = "wrong"
    return functions
