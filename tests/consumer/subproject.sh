#!/usr/bin/env bash
# subproject.sh SOURCE: configures subproject/, a project that contains SOURCE, and checks that its
# build type, flags and options stay its own. Compiles one file of that project, not the library.
set -euo pipefail
source=$1
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

# configure WAY OPTION...: subproject/CMakeLists.txt compares the variables by itself.
configure() {
    rm -rf "$work/build"
    cmake -G Ninja -S "$here/subproject" -B "$work/build" -DNST_SOURCE="$source" -DWAY="$@" \
        >"$work/log" 2>&1 || fail "$(cat "$work/log")"
}

cached() {
    sed -n "s/^$1:[^=]*=//p" "$work/build/CMakeCache.txt"
}

for way in add_subdirectory FetchContent; do
    configure $way
    [ -z "$(cached CMAKE_BUILD_TYPE)" ] || fail "$way: the build type became $(cached CMAKE_BUILD_TYPE)"
    configure $way -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS=-DOUTSIDE -DBUILD_SHARED_LIBS=OFF
    [ "$(cached CMAKE_BUILD_TYPE)" = Debug ] || fail "$way: the build type changed"
    [ "$(cached CMAKE_CXX_FLAGS)" = -DOUTSIDE ] || fail "$way: the flags changed"
    for option in NST_TESTS NST_CHAPTERS NST_INSTALL; do
        [ "$(cached $option)" = OFF ] || fail "$way: $option is on"
    done
done

# The program's own flags, the folders of nst and xtensor, and nothing else.
object=$(ninja -C "$work/build" -t targets all | sed -n 's|^\(.*outside.dir/.*main.cpp.o\):.*|\1|p')
command=$(ninja -C "$work/build" -t commands $object | grep -- "-c .*main.cpp")
for wanted in -DOUTSIDE -g "-I$source/lib/include"; do
    [[ " $command " = *" $wanted"* ]] || fail "no $wanted in $command"
done
for unwanted in -Wconversion -O3 -DNDEBUG -std=gnu++17 visibility NST_; do
    [[ "$command" != *"$unwanted"* ]] || fail "$unwanted in $command"
done
ninja -C "$work/build" $object >"$work/log" || fail "$(cat "$work/log")"

# Of nst, only the library and the command are built with the project, and nothing is installed.
names=$(ninja -C "$work/build" -t targets all | sed 's/:.*//')
for unwanted in unit_test draw_sample_pictures chapter_06_content_loss; do
    if grep -qx "$unwanted" <<<"$names"; then fail "the project has a target $unwanted"; fi
done
cmake --install "$work/build" --prefix "$work/tree" >"$work/log" || fail "$(cat "$work/log")"
[ -z "$(find "$work/tree" -type f 2>/dev/null)" ] || fail "$(find "$work/tree")"
echo "the project that contains nst is as it was"
