"""Compares the names that shared libraries export with a list.

check_exported_names.py NM LIST LIBRARY...

The list has one name per line, without nst::, the precision's namespace and the parameters. Names
of the standard library do not count: they are code of its templates, which every program shares.
Exit code 1 with one line per name that is missing or too many.
"""

import re
import subprocess
import sys


def exported_names(nm, library):
    result = subprocess.run([nm, "--demangle", "--dynamic", "--defined-only", library],
                            stdout=subprocess.PIPE, text=True, check=True)
    names = set()
    for line in result.stdout.splitlines():
        name = line.split(" ", 2)[2]
        if "std::" in name.split("(")[0]:
            continue
        name = re.sub(r"\bnst::(f32::|f64::)?", "", name)
        names.add(re.sub(r"(\[abi:\w+\])?\(.*", "", name) if "operator()" not in name
                  else name[:name.index("operator()") + len("operator()")])
    return names


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    nm, list_file, *libraries = arguments
    with open(list_file, encoding="utf-8") as file:
        expected = set(file.read().split("\n")) - {""}
    problems = []
    for library in libraries:
        found = exported_names(nm, library)
        problems += [f"{library}: exports {name}, which is not on the list"
                     for name in sorted(found - expected)]
        problems += [f"{library}: does not export {name}" for name in sorted(expected - found)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
