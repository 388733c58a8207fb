#!/usr/bin/env bash
# run.sh BUILD SOURCE [FLAG]: installs BUILD into a temporary folder, moves the installed tree and
# builds the project in SOURCE against it, with find_package and with pkg-config; FLAG is passed to
# the compiler.
set -euo pipefail
build=$1
source=$2
flag=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/installed" >"$work/install.log"
mv "$work/installed" "$work/tree"

expect() {
    [ "$1" = "$2" ] || { echo "expected '$2', got '$1'" >&2; exit 1; }
}

# The output of check_my_layer for one right and two wrong layers.
layers_report="leaky_relu: right
scale_channels: each channel is multiplied by a number of its own (0.5, 2, 0.2): is a weight or \
a sum taken along the wrong axis?
mean_square: 60 times too large: is the division by rows * columns * channels = 60 there?"

cmake -G Ninja -S "$source" -B "$work/cmake" \
    -DCMAKE_PREFIX_PATH="$work/tree" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="$flag" >/dev/null
cmake --build "$work/cmake" >/dev/null
expect "$("$work/cmake/consumer")" "16 24 4"
expect "$("$work/cmake/consumer_f64")" "16 24 8"
expect "$("$work/cmake/check_my_layer")" "$layers_report"

libdir=$(dirname "$(find "$work/tree" -name libnst.so)")
export PKG_CONFIG_PATH="$libdir/pkgconfig"
for module in nst nst_f64; do
    flags=$(pkg-config --cflags --libs "$module")
    # shellcheck disable=SC2086
    c++ -std=c++17 $flag -o "$work/$module" "$source/main.cpp" $flags -Wl,-rpath,"$libdir"
done
expect "$("$work/nst")" "16 24 4"
expect "$("$work/nst_f64")" "16 24 8"

# The layout of the library's arrays does not depend on the program's default.
# shellcheck disable=SC2046,SC2086
c++ -std=c++17 $flag -DXTENSOR_DEFAULT_LAYOUT=layout_type::column_major -o "$work/column_major" \
    "$source/main.cpp" $(pkg-config --cflags --libs nst) \
    -Wl,-rpath,"$libdir"
expect "$("$work/column_major")" "16 24 4"

# The gradient checker needs only the headers.
# shellcheck disable=SC2046,SC2086
c++ -std=c++17 $flag -o "$work/check_my_layer" "$source/check_my_layer.cpp" \
    $(pkg-config --cflags nst)
expect "$("$work/check_my_layer")" "$layers_report"

"$work/tree/bin/nst" --version | grep -q '^nst '
echo "the installed tree works"
