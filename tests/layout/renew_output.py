#!/usr/bin/env python3
"""Writes what a chapter's program prints now into the output blocks of its README.

renew_output.py SOURCE BIN NAME

Only numbers are renewed: where the words are others, the block stays, is named, and the exit code
is 1. Lines that a block leaves out by "..." stay left out.
"""
import pathlib
import sys

from check_layout import align, run_outputs, same_words


def renew(readme, binaries):
    """Yields a line for each block that has to be written anew by hand."""
    text = readme.read_text()
    for block, command, _, code, printed in run_outputs(readme, binaries):
        lines, problem = align(block.lines, printed, same_words)
        if code != 0:
            yield f"{command} ends with exit code {code}"
        elif problem:
            yield f"{readme}: line {block.line}: {problem}"
        else:
            renewed = "\n".join(line.rstrip() for line in lines)
            text = text.replace("\n".join(block.lines), renewed, 1)
    readme.write_text(text)


def main(arguments):
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    root, binaries, name = pathlib.Path(arguments[1]), pathlib.Path(arguments[2]), arguments[3]
    problems = list(renew(root / "chapters" / name / "README.md", binaries))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
