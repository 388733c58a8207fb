#!/usr/bin/env bash
# pkg_config.sh SOURCE: configures SOURCE with relative and absolute folders, installs nst.pc and
# nst_f64.pc under a prefix that was not configured, and compares what pkg-config says with where
# the library and the headers would be. Builds nothing.
set -euo pipefail
source=$1
work=$(realpath "$(mktemp -d)")
trap 'rm -rf "$work"' EXIT
unset DESTDIR PKG_CONFIG_PATH

expect() {
    [ "$1" = "$2" ] || { echo "expected '$2', got '$1'" >&2; exit 1; }
}

# check LIBDIR INCLUDEDIR MODULE: the folders that the module names.
check() {
    local folder=$1/pkgconfig
    export PKG_CONFIG_PATH=$folder
    expect "$(realpath -m "$(pkg-config --variable=libdir "$3")")" "$1"
    expect "$(realpath -m "$(pkg-config --variable=includedir "$3")")" "$2"
    # No slash is doubled, and the search paths are these folders.
    if grep -E '^(prefix|libdir|includedir)=.*//' "$folder/$3.pc" >&2; then exit 1; fi
    local flags flag
    flags=$(pkg-config --cflags --libs "$3")
    for flag in $flags; do
        case $flag in
        -I*) [ "$(realpath -m "${flag#-I}")" = "$2" ] && touch "$work/include_found" ;;
        -L*) expect "$(realpath -m "${flag#-L}")" "$1" ;;
        esac
    done
    [ -e "$work/include_found" ] || { echo "no -I$2 in $flags" >&2; exit 1; }
    rm "$work/include_found"
}

configure() {
    cmake -G Ninja -S "$source" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DNST_TESTS=OFF \
        -DNST_CHAPTERS=OFF -DCMAKE_INSTALL_PREFIX=/nowhere "$@" >"$work/log"
}

# CMake does not copy a file again that is less than a second newer.
install_to() {
    sleep 1.1
    cmake --install "$work/build" --prefix "$1" --component nst_pkg_config >"$work/log"
}

# Folders below the prefix: the tree may be anywhere, and move.
for libdir in lib lib/some/where; do
    configure -DCMAKE_INSTALL_LIBDIR=$libdir -DCMAKE_INSTALL_INCLUDEDIR=include
    install_to "$work/p"
    for module in nst nst_f64; do check "$work/p/$libdir" "$work/p/include" $module; done
    mv "$work/p" "$work/moved"
    for module in nst nst_f64; do check "$work/moved/$libdir" "$work/moved/include" $module; done
    rm -r "$work/moved"
done

# Absolute folders stay where they are, and the others follow the prefix.
configure -DCMAKE_INSTALL_LIBDIR="$work/opt/lib" -DCMAKE_INSTALL_INCLUDEDIR=include
for prefix in "$work/p" "$work/q"; do
    install_to "$prefix"
    check "$work/opt/lib" "$prefix/include" nst
done
configure -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_INCLUDEDIR="$work/opt/include"
install_to "$work/p"
check "$work/p/lib" "$work/opt/include" nst_f64
configure -DCMAKE_INSTALL_LIBDIR="$work/opt/l" -DCMAKE_INSTALL_INCLUDEDIR="$work/opt/i"
install_to "$work/p"
check "$work/opt/l" "$work/opt/i" nst

echo "nst.pc is right for every prefix"
