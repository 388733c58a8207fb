#!/usr/bin/env python3
"""Checks that includes in lib/ run downward (docs/architecture.md, "Rooms").

check_rooms.py SOURCE

Every folder of lib/src is a room and may include the rooms that ROOMS lists for it, including their
public headers. A public header belongs to the room with the source of the same name. The sources at
the top of lib/src may include every room. lib/tools includes no private header. The tests of each
room are in the folder of the same name in tests/unit. Exit code 1 when a rule is broken, with one
line per problem. Needs only Python 3's standard library.
"""

import pathlib
import re
import sys

# From the bottom up; a room includes only rooms listed above its own line.
ROOMS = {
    "base": [],
    "system": ["base"],
    "files": ["base"],
    "parallel": ["base", "system"],
    "blas": ["base", "system", "parallel"],
    "image": ["base", "system", "files"],
    "mat": ["base", "system", "files"],
    "operations": ["base", "parallel", "blas"],
    "optimizers": ["base", "parallel"],
    "winograd/simd": ["base"],
    "winograd": ["base", "parallel", "operations", "winograd/simd"],
    "network": ["base", "files", "blas", "mat", "operations"],
    "engine": ["base", "parallel", "operations", "winograd", "network"],
    "training": ["base", "parallel", "blas", "operations", "optimizers", "winograd",
                 "winograd/simd", "network"],
    "transfer": ["base", "parallel", "image", "optimizers", "engine"],
}
# Public headers without a source of the same name. The gradient checker is separate from the
# library.
HEADERS = {"api.hpp": "base", "error.hpp": "base", "precision.hpp": "base", "tensor.hpp": "base",
           "feature_view.hpp": "base", "gradcheck.hpp": None, "diagnosis.hpp": None, "nst.hpp": None}


def includes_of(file):
    return re.findall(r'^\s*#include "([^"]+)"', file.read_text(), flags=re.M)


def rooms_below(source):
    return {str(f.relative_to(source)) for f in source.rglob("*") if f.is_dir()}


def homes(root):
    """{"nst/conv2d.hpp": "operations"}: the room of each public header, or None."""
    source, include = root / "lib" / "src", root / "lib" / "include" / "nst"
    found = {}
    for header in include.glob("*.hpp"):
        sources = sorted(source.rglob(header.stem + ".cpp"))
        room = str(sources[0].parent.relative_to(source)) if sources else HEADERS.get(header.name)
        found["nst/" + header.name] = None if room == "." else room
    return found


def check_table():
    seen = set()
    for room, below in ROOMS.items():
        for other in below:
            if other not in seen:
                yield f"ROOMS: {room} includes {other}, which is not below it"
        seen.add(room)


def check_file(root, file, room, home):
    for include in includes_of(file):
        target = home.get(include) if include.startswith("nst/") \
            else str(pathlib.PurePosixPath(include).parent)
        if target and target != room and target not in ROOMS[room]:
            yield f"{file.relative_to(root)}: room {room} includes {include} of room {target}"


def check_includes(root):
    source, include = root / "lib" / "src", root / "lib" / "include"
    home = homes(root)
    for room in sorted(rooms_below(source)):
        if room not in ROOMS:
            yield f"lib/src/{room}: is no room that ROOMS knows"
            continue
        for file in sorted((source / room).glob("*.*")):
            yield from check_file(root, file, room, home)
    for header, room in sorted(home.items()):
        if room:
            yield from check_file(root, include / header, room, home)


def check_tools(root):
    rooms = rooms_below(root / "lib" / "src")
    for file in sorted((root / "lib" / "tools").glob("*.*")):
        for include in includes_of(file):
            if str(pathlib.PurePosixPath(include).parent) in rooms:
                yield f"lib/tools/{file.name}: includes {include}, a private header of the library"


def check_tests(root):
    rooms, tests = rooms_below(root / "lib" / "src"), root / "tests" / "unit"
    for room in sorted(rooms):
        if not list((tests / room.split("/")[0]).glob("*_test.cpp")):
            yield f"tests/unit/{room}: has no test of room {room}"
    for folder in sorted(f for f in tests.iterdir() if f.is_dir()):
        if folder.name not in rooms and folder.name != "gradcheck":
            yield f"tests/unit/{folder.name}: is no room of lib/src"


def check(root):
    yield from check_table()
    yield from check_includes(root)
    yield from check_tools(root)
    yield from check_tests(root)


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    problems = list(check(pathlib.Path(arguments[0])))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
