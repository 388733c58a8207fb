#!/usr/bin/env python3
"""Updates the output blocks of a chapter's README with the program's current output.

renew_output.py SOURCE BIN NAME

Updates only numbers: when the words differ, the block stays and is named, and the exit code is 1.
Lines that a block omits with "..." stay omitted.
"""
import pathlib
import sys

from check_layout import align, run_outputs, same_words


def renew(readme, binaries):
    """Yields a line for each block that must be rewritten by hand."""
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
