#!/usr/bin/env python3
"""Writes what a chapter's program prints now into the output blocks of its README.

renew_output.py SOURCE BIN NAME

Only numbers are renewed: where the words are others, the block stays, is named, and the exit code
is 1. Lines that a block leaves out by "..." stay left out.
"""
import pathlib
import subprocess
import sys
import tempfile

from check_layout import NUMBER, TIME_LIMIT, blocks_of


def renewed(expected, got):
    """The expected lines with the numbers that were got, or None where the words are others."""
    lines, place, skipping = [], 0, False
    for line in expected:
        if line.strip() == "...":
            lines.append(line)
            skipping = True
            continue
        while skipping and place < len(got) and not same_words(line, got[place]):
            place += 1
        skipping = False
        if place == len(got) or not same_words(line, got[place]):
            return None
        lines.append(got[place].rstrip())
        place += 1
    return lines if skipping or place == len(got) else None


def same_words(line, other):
    return NUMBER.sub("#", line).split() == NUMBER.sub("#", other).split()


def main(arguments):
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    root, binaries, name = pathlib.Path(arguments[1]), pathlib.Path(arguments[2]), arguments[3]
    readme = root / "chapters" / name / "README.md"
    text = readme.read_text()
    stale = False
    for block in blocks_of(text):
        if not block.marker or block.marker[0] != "output":
            continue
        words = block.marker[1].partition(", within ")[0].split()
        with tempfile.TemporaryDirectory() as folder:
            printed = subprocess.run([binaries.resolve() / words[0], *words[1:]], cwd=folder,
                                     text=True, stdout=subprocess.PIPE, timeout=TIME_LIMIT,
                                     check=True).stdout
        lines = renewed(block.lines, printed.splitlines())
        if lines is None:
            print(f"{readme}: line {block.line}: the words are others, write it anew")
            stale = True
        else:
            text = text.replace("\n".join(block.lines), "\n".join(lines), 1)
    readme.write_text(text)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
