#!/usr/bin/env python3
"""Checks that the course follows its own rules (docs/contributing.md, "Writing a chapter").

check_layout.py rules SOURCE            the files of all chapters
check_layout.py output SOURCE BIN NAME  runs chapter NAME as its README says and compares

All rules apply only to chapters with a main.cpp; the others are named. Exit code 1 when a rule is
broken, with one line per problem. Needs only Python 3's standard library.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

BY_HAND_LINES = 70  # "about 60", without blank lines and comments
MAIN_LINES = 80
PICTURE_BYTES = 200 * 1024
TOLERANCE = 1e-4  # relative, for the numbers of an output block without its own tolerance
TIME_LIMIT = 600  # seconds per program; the sanitizers are slow

CHAPTERS = 18
FUNCTION = r"^inline ((?:{}|[^{;])*\))\s*{"  # a function in a header: its signature, up to the body
FILES = ["README.md", "main.cpp", "by_hand.hpp", "exercise.hpp"]
# Each chapter has these in this order; one in brackets may be missing.
HEADINGS = ["Goal", "The tutorial's step, in our words", "The equation", "By hand",
            "In the library", "Run it", "Look", "Break it", "[Real bugs in famous code]",
            "[Your turn]", "Questions"]


def chapter_folders(root):
    return sorted(f for f in (root / "chapters").iterdir() if re.match(r"\d\d_", f.name))


def number_of(folder):
    return int(folder.name[:2])


def is_complete(folder):
    return (folder / "main.cpp").exists()


def without_comments(code):
    """The code without its comments; strings, which may look like comments, stay."""
    pattern = r'"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*.*?\*/"
    return re.sub(pattern, lambda m: m[0] if m[0][0] in "\"'" else " ", code, flags=re.S)


def code_lines(file):
    return sum(1 for line in without_comments(file.read_text()).splitlines() if line.strip())


def includes_of(file):
    code = file.read_text()
    return re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', code, flags=re.M)


# ---- Where names are introduced --------------------------------------------------------------

def introductions(header):
    """{name: chapter} for the declarations whose docstring names a chapter."""
    found = {}
    sentence = r"Introduced in\s+(?:///\s*)?chapter (\d\d)\."
    comment = r"(?:^[ \t]*///[^\n]*\n)+"
    for match in re.finditer(comment + r"([^;{]*)", header.read_text(), flags=re.M):
        chapter = re.search(sentence, match[0])
        if not chapter:
            continue
        declaration = re.sub(r"^\s*(#[^\n]*\n|template\s*<[^\n]*>)", "", match[1])
        name = (re.match(r"\s*(?:class|struct|enum(?: class)?|using)\s+(\w+)", declaration)
                or re.search(r"(\w+)\s*\(", declaration) or re.search(r"(\w+)\s*$", declaration))
        number = int(chapter[1])
        if name:
            found[name[1]] = min(number, found.get(name[1], number))
    return found


def header_chapters(root):
    """{"nst/x.hpp": chapter}: the chapter of the header's first declaration or, without any, the
    last chapter of its includes."""
    include = root / "lib" / "include"
    chapters = {}

    def chapter_of(name):
        if name not in chapters:
            sentences = re.findall(r"Introduced in\s+(?:///\s*)?chapter (\d\d)\.",
                                   (include / name).read_text())
            inner = [i for i in includes_of(include / name) if i.startswith("nst/")]
            chapters[name] = (min(map(int, sentences)) if sentences
                              else max(map(chapter_of, inner), default=None))
        return chapters[name]

    for header in sorted((include / "nst").glob("*.hpp")):
        chapter_of("nst/" + header.name)
    return chapters


def check_headers(root):
    for name, chapter in header_chapters(root).items():
        if chapter is None:
            yield f"lib/include/{name}: says nowhere in which chapter it is introduced"


def check_order(root):
    headers = header_chapters(root)
    names = {}
    for header in (root / "lib" / "include" / "nst").glob("*.hpp"):
        names.update(introductions(header))
    for folder in chapter_folders(root):
        for file in sorted(folder.glob("*.[ch]pp")):
            where = f"chapters/{folder.name}/{file.name}"
            for include in includes_of(file):
                if include.startswith("nst/") and (headers.get(include) or 99) > number_of(folder):
                    yield f"{where}: includes {include}, which a later chapter introduces"
                if file.name in ("by_hand.hpp", "exercise.hpp") and "/" in include \
                        and not include.startswith("nst/"):
                    yield f"{where}: includes {include}; only standard and nst headers may be here"
            for name in sorted(set(re.findall(r"\bnst::(\w+)", without_comments(file.read_text())))):
                if names.get(name, 0) > number_of(folder):
                    yield f"{where}: uses nst::{name}, which chapter {names[name]:02} introduces"


def check_by_hand_includes(root):
    for top in ("lib", "chapters", "data"):
        for file in sorted((root / top).rglob("*.[chi][pn][pc]")):
            for include in includes_of(file):
                own = file.name in ("main.cpp", "check.cpp") and include == "by_hand.hpp"
                if pathlib.PurePath(include).name == "by_hand.hpp" and not own:
                    yield f"{file.relative_to(root)}: includes {include}; only its own chapter's " \
                          "main.cpp, check.cpp and tests may"


# ---- The four files --------------------------------------------------------------------------

def check_files(folder):
    for name in FILES:
        if not (folder / name).exists():
            yield f"chapters/{folder.name}: {name} is missing"


def check_lengths(folder):
    for name, limit in (("by_hand.hpp", BY_HAND_LINES), ("main.cpp", MAIN_LINES)):
        file = folder / name
        if file.exists() and code_lines(file) > limit:
            yield f"chapters/{folder.name}/{name}: {code_lines(file)} lines of code, at most {limit}"


def signatures(file):
    code = without_comments(file.read_text())
    found = re.findall(FUNCTION, code, flags=re.M)
    return [" ".join(signature.split()) for signature in found]


def check_exercise(folder):
    exercise, by_hand = folder / "exercise.hpp", folder / "by_hand.hpp"
    if not (exercise.exists() and by_hand.exists()):
        return
    where = f"chapters/{folder.name}/exercise.hpp"
    if signatures(exercise) != signatures(by_hand):
        yield f"{where}: its functions are not those of by_hand.hpp, in the same order"
    bodies = re.findall(FUNCTION + "(.*?)^}", exercise.read_text(), flags=re.M | re.S)
    for _, body in bodies:
        if not re.fullmatch(r'\s*throw nst::Error\("[^"]*not written yet"\);\s*', body):
            yield f"{where}: a body does more than throw nst::Error(\"...: not written yet\")"
    if not re.search(r"^namespace exercise {", exercise.read_text(), flags=re.M):
        yield f"{where}: its functions are not in namespace exercise"


# ---- README.md -------------------------------------------------------------------------------

class Block:
    """A fenced block: its language, its lines, and the comment above it as (kind, words)."""

    def __init__(self, line, language, marker):
        self.line, self.language, self.marker = line, language, marker
        self.lines = []


def blocks_of(text):
    blocks, block, marker = [], None, None
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.match(r"\s*```(\S*)", line)
        comment = re.match(r"\s*<!-- (\w+): (.*?) -->\s*$", line)
        if fence and block is None:
            block = Block(number, fence[1], marker)
        elif fence:
            block.lines = textwrap.dedent("\n".join(block.lines)).split("\n")
            blocks.append(block)
            block = None
        elif block is not None:
            block.lines.append(line)
        if block is None and line.strip() and not fence:
            marker = (comment[1], comment[2]) if comment else None
        elif fence:
            marker = None
    return blocks


def is_run_of(lines, source):
    """Whether the lines appear consecutively in the source, word for word."""
    indents = {len(line) - len(line.lstrip()) for line in source.splitlines()}
    return any("\n" + "\n".join(" " * i + line if line else "" for line in lines) + "\n"
               in "\n" + source + "\n" for i in indents)


def check_listing(root, block):
    file, _, name = (part.strip() for part in block.marker[1].partition(","))
    if not (root / file).is_file():
        yield f"line {block.line}: there is no {file}"
    elif not re.search(rf"\b{re.escape(name)}\b", "\n".join(block.lines[:2])):
        yield f"line {block.line}: the listing does not begin with {name}"
    elif not is_run_of(block.lines, (root / file).read_text()):
        yield f"line {block.line}: the listing is not what {file} has"


def check_edit(root, block):
    file = block.marker[1].strip()
    old = [line[1:] for line in block.lines if line[:1] in ("-", " ")]
    if not any(line.startswith("-") for line in block.lines):
        yield f"line {block.line}: the edit takes no line away"
    elif not (root / file).is_file() or not is_run_of(old, (root / file).read_text()):
        yield f"line {block.line}: what the edit takes away is not in {file}"


def check_headings(text):
    found = re.findall(r"^## (.*)$", re.sub(r"```.*?```", "", text, flags=re.S), flags=re.M)
    wanted = [h.strip("[]") for h in HEADINGS if h[0] != "[" or h.strip("[]") in found]
    if [h for h in found if h in wanted] != wanted:
        yield "the headings are not, in this order: " + "; ".join(wanted)


def check_pictures(folder, text):
    shown = set(re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text))
    if not shown:
        yield "shows no picture"
    for name in sorted(shown):
        if not (folder / name).is_file():
            yield f"the picture {name} is not there"
        elif (folder / name).read_bytes()[:8] != b"\x89PNG\r\n\x1a\n":
            yield f"the picture {name} is no PNG"
        elif (folder / name).stat().st_size > PICTURE_BYTES:
            yield f"the picture {name} is larger than {PICTURE_BYTES // 1024} KB"
    for picture in sorted(folder.glob("*.png")):
        if picture.name not in shown:
            yield f"the picture {picture.name} is in the folder, but not shown"


def check_links(folder, text):
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)[^)]*\)", prose):
        if not re.match(r"https?:", link) and not (folder / link).exists():
            yield f"the link to {link} leads nowhere"


def check_readme(root, folder):
    readme = folder / "README.md"
    if not readme.exists():
        return
    text = readme.read_text()
    blocks = blocks_of(text)
    problems = [*check_headings(text), *check_pictures(folder, text), *check_links(folder, text)]
    for block in blocks:
        kind = block.marker[0] if block.marker else None
        if block.language == "cpp" and kind != "listing":
            problems.append(f"line {block.line}: no comment says where this code comes from")
        elif block.language == "diff" and kind != "edit":
            problems.append(f"line {block.line}: no comment says which file this edits")
        elif kind == "listing":
            problems += check_listing(root, block)
        elif kind == "edit":
            problems += check_edit(root, block)
    for kind, least in (("listing", 2), ("edit", 2), ("output", 1)):
        count = sum(1 for block in blocks if block.marker and block.marker[0] == kind)
        if count < least:
            problems.append(f"{count} blocks are marked as {kind}, at least {least} are wanted")
    if text.count("<details>") < 2 or text.count("<details>") != text.count("</details>"):
        problems.append("wants two questions with folded answers")
    for problem in problems:
        yield f"chapters/{folder.name}/README.md: {problem}"


# ---- Output ----------------------------------------------------------------------------------

NUMBER = re.compile(r"(?<![\w.])~?[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]*\w)")


def numbers_agree(expected, got, tolerance):
    if expected.startswith("~"):  # a number that varies from run to run
        return got.startswith("~")
    if got.startswith("~"):
        return False
    difference = abs(float(expected) - float(got))
    mantissa, _, exponent = expected.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    last_digit = 10.0 ** -decimals if "." in mantissa else 0
    return difference <= max(tolerance * abs(float(expected)), 1.001 * last_digit)


def same_words(expected, got):
    return NUMBER.sub("#", expected).split() == NUMBER.sub("#", got).split()


def lines_agree(expected, got, tolerance):
    return same_words(expected, got) and all(
        numbers_agree(e, g, tolerance)
        for e, g in zip(NUMBER.findall(expected), NUMBER.findall(got)))


def align(expected, got, agree):
    """(the expected lines of `got`, a message about the first line that disagrees, or None).

    "..." matches any number of lines, and itself among the lines of `got`.
    """
    lines, place, skipping = [], 0, False
    for line in expected:
        if line.strip() == "...":
            lines.append(line)
            skipping = True
            continue
        while skipping and place < len(got) and not agree(line, got[place]):
            place += 1
        skipping = False
        if place == len(got):
            return lines, f'expected "{line}", but the output ends'
        if not agree(line, got[place]):
            return lines, f'expected "{line}", got "{got[place]}"'
        lines.append(got[place])
        place += 1
    if not skipping and place < len(got):
        return lines, f'expected the end, got "{got[place]}"'
    return lines, None


def compare_output(expected, got, tolerance):
    """A message about the first line that disagrees, or None."""
    return align(expected, got, lambda line, other: lines_agree(line, other, tolerance))[1]


def run_outputs(readme, binaries):
    """Runs the output blocks' commands: yields (block, command, tolerance, exit code, lines)."""
    for block in blocks_of(readme.read_text()):
        if not block.marker or block.marker[0] != "output":
            continue
        command, _, within = block.marker[1].partition(", within ")
        words = command.split()
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run([binaries.resolve() / words[0], *words[1:]], cwd=folder,
                                    text=True, stdout=subprocess.PIPE, timeout=TIME_LIMIT,
                                    check=False)
        yield (block, command, float(within or TOLERANCE), result.returncode,
               result.stdout.splitlines())


def check_output(root, binaries, name):
    readme = root / "chapters" / name / "README.md"
    for block, command, tolerance, code, lines in run_outputs(readme, binaries):
        problem = compare_output(block.lines, lines, tolerance)
        if code != 0:
            yield f"{command} ends with exit code {code}"
        if problem:
            yield f"chapters/{name}/README.md: line {block.line}: {problem}"


def check_rules(root):
    yield from check_headers(root)
    yield from check_order(root)
    yield from check_by_hand_includes(root)
    for folder in filter(is_complete, chapter_folders(root)):
        yield from check_files(folder)
        yield from check_lengths(folder)
        yield from check_exercise(folder)
        yield from check_readme(root, folder)


def name_what_is_missing(root):
    folders = {number_of(folder): folder for folder in chapter_folders(root)}
    for number in range(1, CHAPTERS + 1):
        if number not in folders:
            print(f"still to come: chapter {number:02} has no folder")
        elif not is_complete(folders[number]):
            missing = [name for name in FILES if not (folders[number] / name).exists()]
            print(f"still to come: chapters/{folders[number].name} has no {', '.join(missing)}")
        else:
            name_what_the_exercise_lacks(folders[number])


def name_what_the_exercise_lacks(folder):
    """A chapter is complete without these, but ./course cannot check its exercise yet."""
    for name in ("check.hpp", "check.cpp"):
        if not (folder / name).exists():
            print(f"still to come: chapters/{folder.name} has no {name}")
    readme = folder / "README.md"
    if readme.exists() and not re.search(r"^## Your turn$", readme.read_text(), flags=re.M):
        print(f'still to come: chapters/{folder.name}/README.md has no "Your turn"')


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "rules":
        root = pathlib.Path(arguments[1])
        problems = list(check_rules(root))
        name_what_is_missing(root)
    elif len(arguments) == 4 and arguments[0] == "output":
        root, binaries, name = pathlib.Path(arguments[1]), pathlib.Path(arguments[2]), arguments[3]
        problems = list(check_output(root, binaries, name))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
