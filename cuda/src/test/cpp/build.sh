#!/bin/sh
# Compiles the CUDA sources for the processor, with the emulator:
#   build.sh KERNEL_DIRECTORY OUTPUT.so     a shared library
#   build.sh --check KERNEL_DIRECTORY PROGRAM     a program that launches every kernel, under the sanitizers
# CXX names the compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "$1" = --check ]; then
    shift
    kind="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined"
    sources="$here/check/*.cpp"
else
    kind="-O2 -fPIC -shared"
    sources=
fi
kernels=$(cd "$1" && pwd)
output=$2
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT

while read -r file; do
    [ -n "$file" ] || continue
    printf '#line 1 "%s"\n' "$file"
    cat "$kernels/$file"
done < "$kernels/kernels.list" > "$generated/kernel_sources.inc"

# Every kernel begins with a line that says its name and its launch bound: the most threads of a block.
sed -n 's/^extern "C" __global__ void __launch_bounds__(\([0-9]*\)[, 0-9]*) \([a-z0-9_]*\)(.*/KERNEL(\2, \1)/p' \
    "$generated/kernel_sources.inc" > "$generated/kernel_names.inc"
if [ "$(grep -c '__global__' "$generated/kernel_sources.inc")" != "$(wc -l < "$generated/kernel_names.inc")" ]; then
    echo 'Cannot build the emulator: a kernel does not begin with extern "C" __global__ void __launch_bounds__(N) name(' >&2
    exit 1
fi

# A card contracts a·b + c to one operation, and so may the compiler here where the processor can.
mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2086
"${CXX:-g++}" -std=c++17 $kind -march=native -ffp-contract=fast -fno-ipa-reference \
    -Wall -Wextra -Werror -Wno-unknown-pragmas -Wno-unused-parameter -I "$generated" \
    "$here"/emulator/*.cpp $sources -o "$generated/output"
mv "$generated/output" "$output"
