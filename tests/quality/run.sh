#!/usr/bin/env bash
# run.sh CHECK TOOL...: passes one check, tidy, cppcheck, thread, fuzz or coverage, in its preset's
# own folder below build. Exits 77, which CTest counts as skipped, where a program or file is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
check=$1
shift
for tool in "$@"; do
    [ -e "$tool" ] || command -v "$tool" >/dev/null || {
        echo "skipped: $tool is not installed; docs/contributing.md names the packages"
        exit 77
    }
done

case $check in
    tidy | cppcheck) preset=lint ;;
    *) preset=$check ;;
esac
cmake --preset "$preset" >/dev/null
cmake --build --preset "$check"
case $check in
    thread | fuzz) ctest --preset "$check" ;;
esac
