#!/bin/sh
# Makes a file as large as the published VGG-19 in a scratch folder, measures loading it, and
# removes it: full_vgg19.sh MAKE_FULL_VGG19 MEASURE_LOAD_VGG19 [REPEATS]
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/nst-full-XXXXXX")
trap 'rm -rf "$folder"' EXIT INT TERM
"$1" "$folder"
"$2" "$folder/full-vgg19.mat" "${3:-3}"
