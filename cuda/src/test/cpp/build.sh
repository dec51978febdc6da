#!/bin/sh
# Compiles the CUDA sources for the processor, into a shared library with the emulator:
#   build.sh KERNEL_DIRECTORY OUTPUT.so
# CXX names the compiler, EMULATOR_FLAGS adds options, such as -fsanitize=address,undefined.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernels=$(cd "$1" && pwd)
output=$2
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT

while read -r file; do
    [ -n "$file" ] || continue
    printf '#line 1 "%s"\n' "$file"
    cat "$kernels/$file"
done < "$kernels/kernels.list" > "$generated/kernel_sources.inc"

# Every kernel stands on one line with its launch bound: extern "C" __global__ void __launch_bounds__(256) name(
sed -n 's/^extern "C" __global__ void __launch_bounds__(\([0-9]*\)[, 0-9]*) \([a-z0-9_]*\)(.*/KERNEL(\2, \1)/p' \
    "$generated/kernel_sources.inc" > "$generated/kernel_names.inc"
if [ "$(grep -c '__global__' "$generated/kernel_sources.inc")" != "$(wc -l < "$generated/kernel_names.inc")" ]; then
    echo "Cannot build the emulator: a kernel is not declared as extern \"C\" __global__ void __launch_bounds__(N) name(" >&2
    exit 1
fi

# A card contracts a·b + c to one operation, and so may the compiler here where the processor can.
mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2086
"${CXX:-g++}" -std=c++17 -O2 -march=native -ffp-contract=fast -fno-ipa-reference -fPIC -shared -fvisibility=default \
    -Wall -Wextra -Werror -Wno-unknown-pragmas -Wno-unused-parameter -I "$generated" ${EMULATOR_FLAGS:-} \
    "$here"/emulator/*.cpp -o "$generated/library.so"
mv "$generated/library.so" "$output"
