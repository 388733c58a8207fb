#!/usr/bin/env python3
"""Runs the fuzz targets, each until it has found nothing new for a while.

    run.py BUILD_FOLDER SECONDS [TARGET...]

Makes the seeds, then runs all targets, or the named ones, one after another, each until SECONDS of
processor time have passed without a new edge. The inputs kept in BUILD_FOLDER/fuzz/corpus are the
starting point of the next run. Prints a table; exit code 1 when a target has found something, with
the input in BUILD_FOLDER/fuzz/findings.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

TARGETS = ["mat", "png", "jpeg", "webp", "tiff", "exif"]
STATUS = re.compile(r"^#\d+\s.*\bcov: (\d+) ft:", re.ASCII)
EXECUTIONS = re.compile(r"^stat::number_of_executed_units: (\d+)", re.MULTILINE)

# The targets check tighter limits themselves; these limits cover what their hooks miss. The time is
# per input, in wall-clock seconds, of which a busy machine may need many.
LIMITS = ["-rss_limit_mb=2048", "-malloc_limit_mb=1024", "-timeout=300"]


def environment():
    """Puts temporary files in memory, and limits the freed memory that counts as the program's."""
    changes = {"ASAN_OPTIONS": "quarantine_size_mb=16", "UBSAN_OPTIONS": "print_stacktrace=1"}
    if Path("/dev/shm").is_dir():
        changes["TMPDIR"] = "/dev/shm"
    return {**os.environ, **changes}


def processor_seconds(process):
    words = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def fuzz(build, name, seconds):
    """Runs one target. Returns its table row and whether it found nothing."""
    folder = build / "fuzz"
    corpus = folder / "corpus" / name
    findings = folder / "findings"
    for needed in (corpus, findings):
        needed.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    edges = 0
    spent = last_new = 0.0
    with open(log, "w") as sink, open(log, errors="replace") as source:
        process = subprocess.Popen(
            [build / "bin" / f"fuzz_{name}", corpus, folder / "seeds" / name, *LIMITS,
             f"-artifact_prefix={findings}/{name}-", "-print_final_stats=1"],
            stdout=sink, stderr=subprocess.STDOUT, env=environment())
        while process.poll() is None:
            spent = processor_seconds(process)
            for line in source:
                status = STATUS.match(line)
                if status and int(status[1]) > edges:
                    edges, last_new = int(status[1]), spent
            if spent - last_new > seconds:
                process.send_signal(signal.SIGUSR1)  # libFuzzer ends after the current input
            time.sleep(1)
    executions = EXECUTIONS.search(log.read_text(errors="replace"))
    row = (name, int(executions[1]) if executions else 0, edges, spent, spent - last_new)
    if process.returncode != 0:
        print(f"{name}: a finding, see {log} and {findings}/{name}-*", file=sys.stderr)
    return row, process.returncode == 0


def main(words):
    if len(words) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    build, seconds, names = Path(words[1]).resolve(), float(words[2]), words[3:] or TARGETS
    subprocess.run([build / "bin" / "fuzz_seeds", build / "fuzz" / "seeds"], check=True)
    print(f"{'target':8}{'executions':>12}{'edges':>8}{'CPU s':>9}{'s since last edge':>19}")
    passed = True
    for name in names:
        row, fine = fuzz(build, name, seconds)
        print("{:8}{:12}{:8}{:9.0f}{:19.0f}".format(*row), flush=True)
        passed = passed and fine
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
