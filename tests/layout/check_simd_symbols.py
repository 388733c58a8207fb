"""Checks the symbols that object files compiled for AVX define (simd_kernels.inc says why).

check_simd_symbols.py NM OBJECT...

Each file may define one global symbol, its table `kernels`. The linker could keep any other one,
such as the weak symbol of an inline function that was not inlined, for processors without AVX. Exit
code 1 with one line per such symbol.
"""

import subprocess
import sys

DATA = "BDGRS"  # nm's types for global data; weak symbols are V, W and u


def problems_of(nm, file):
    result = subprocess.run([nm, "--demangle", "--defined-only", "--extern-only", file],
                            stdout=subprocess.PIPE, text=True, check=True)
    symbols = [line.split(" ", 2)[1:] for line in result.stdout.splitlines() if line.strip()]
    tables = [name for kind, name in symbols if kind in DATA and name.endswith("::kernels")]
    if len(tables) != 1:
        yield f"{file}: defines {len(tables)} tables of kernels instead of one"
    for kind, name in symbols:
        if name not in tables:
            yield f"{file}: defines {name} ({kind})"


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = [p for file in arguments[1:] for p in problems_of(arguments[0], file)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
