#!/usr/bin/env bash
# run.sh CHECK TOOL...: runs one of the checks below; a check with a preset builds in its own folder
# below build. Exits with 77, which CTest counts as skipped, when a program or file is missing.
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

# The tests on each set of kernels that OpenBLAS has for this processor.
try_cores() {
    local cores=(Prescott)
    grep -qw avx2 /proc/cpuinfo && cores+=(Haswell Zen)
    grep -qw avx512vl /proc/cpuinfo && cores+=(SkylakeX)
    grep -qw avx512_bf16 /proc/cpuinfo && cores+=(Cooperlake)
    for core in "${cores[@]}"; do
        echo "OPENBLAS_CORETYPE=$core"
        OPENBLAS_CORETYPE=$core ctest --preset release --label-exclude full --parallel "$(nproc)"
    done
}

case $check in
    cores)
        try_cores
        exit
        ;;
    aarch64)
        [ "$(id -u)" -eq 0 ] || {
            echo "skipped: debootstrap needs root"
            exit 77
        }
        exec .ci/aarch64
        ;;
    tidy | cppcheck) preset=lint ;;
    *) preset=$check ;;
esac
cmake --preset "$preset" >/dev/null
cmake --build --preset "$check"
case $check in
    thread | fuzz) ctest --preset "$check" ;;
    clang | sanitize) ctest --preset "$check" --label-exclude full --parallel "$(nproc)" ;;
esac
