#!/bin/sh
# Compiles the CUDA sources for the processor, with the emulator:
#   build.sh KERNEL_DIRECTORY OUTPUT.so                       a shared library
#   build.sh --check KERNEL_DIRECTORY PROGRAM                 a program that launches every kernel, under the sanitizers
#   build.sh --standin KERNEL_DIRECTORY OUTPUT_DIRECTORY      libraries with the names of CUDA's, for programs that call those
# CXX names the compiler, EMULATED_ARCHITECTURE the card: 750 for compute capability 7.5, else 800. The emulator takes ten
# seconds to compile, so that its objects stay in target/emulator for whoever builds it of the same sources.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kind=--library
case $1 in --*) kind=$1; shift ;; esac
kernels=$(cd "$1" && pwd)
output=$2
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT

while read -r file; do
    [ -n "$file" ] || continue
    printf '#line 1 "%s"\n' "$file"
    if [ "$file" = tensor_core.cuh ]; then
        cat "$here/emulator/$file"
    else
        cat "$kernels/$file"
    fi
done < "$kernels/kernels.list" > "$generated/kernel_sources.inc"

# Every kernel begins with a line that says its name and its launch bound: the most threads of a block.
sed -n 's/^extern "C" __global__ void __launch_bounds__(\([0-9]*\)[, 0-9]*) \([a-z0-9_]*\)(.*/KERNEL(\2, \1)/p' \
    "$generated/kernel_sources.inc" > "$generated/kernel_names.inc"
if [ "$(grep -c '__global__' "$generated/kernel_sources.inc")" != "$(wc -l < "$generated/kernel_names.inc")" ]; then
    echo 'Cannot build the emulator: a kernel does not begin with extern "C" __global__ void __launch_bounds__(N) name(' >&2
    exit 1
fi

# A card contracts a·b + c to one operation, and so may the compiler here where the processor can.
compile() {
    "${CXX:-g++}" -std=c++17 -march=native -ffp-contract=fast -fno-ipa-reference \
        -D__CUDA_ARCH__="${EMULATED_ARCHITECTURE:-800}" -Wall -Wextra -Werror -Wno-unknown-pragmas -Wno-unused-parameter -I "$generated" "$@"
}

objects() {
    key=$({
        cat "$0" "$generated"/*.inc "$here"/emulator/*
        echo "${EMULATED_ARCHITECTURE:-800}"
        "${CXX:-g++}" --version
        "${CXX:-g++}" -march=native -dM -E -x c++ /dev/null
    } | cksum | tr -d ' ')
    objects=$here/../../../target/emulator/$key
    if [ ! -d "$objects" ]; then
        mkdir -p "$generated/objects" "$(dirname "$objects")"
        for source in "$here"/emulator/*.cpp; do
            compile -O2 -fPIC -fno-gnu-unique -c "$source" -o "$generated/objects/$(basename "$source" .cpp).o"
        done
        # Whoever builds the same at this moment makes the same.
        mv "$generated/objects" "$objects"
    fi
}

# Programs find symbols by the version that NVIDIA's libraries give them, which is the library's own name.
compile_as() {
    name=$1
    shift
    printf '%s { global: *; };\n' "$name" > "$generated/version"
    compile -O2 -fPIC -shared -Wl,-Bsymbolic -fno-gnu-unique "-Wl,-soname,$name" "$@" -o "$output/$name"
}

case $kind in
--library)
    mkdir -p "$(dirname "$output")"
    objects
    compile -shared -Wl,-Bsymbolic "$objects"/*.o -o "$generated/output"
    mv "$generated/output" "$output"
    ;;
--check)
    mkdir -p "$(dirname "$output")"
    compile -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
        "$here"/emulator/*.cpp "$here"/check/*.cpp -o "$output"
    ;;
--standin)
    mkdir -p "$output"
    from=$here/standin
    versioned="-Wl,--version-script=$generated/version"
    objects
    compile_as libcuda.so.1 "$objects"/*.o \
        "$from/state.cpp" "$from/devices.cpp" "$from/memory.cpp" "$from/modules.cpp" "$from/graphs.cpp" "$from/errors.cpp"
    compile_as libnvrtc.so.13 "$versioned" "$from/nvrtc.cpp"
    compile_as libcublas.so.13 "$versioned" "$from/cublas.cpp" "$objects/gemm.o"
    compile_as libcudart.so.13 "$versioned" -x c++ /dev/null
    compile_as libcublasLt.so.13 "$versioned" -x c++ /dev/null
    ;;
*)
    echo "Invalid option: $kind" >&2
    exit 2
    ;;
esac
