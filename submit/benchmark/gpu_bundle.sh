#!/usr/bin/env bash
# Packs all that gpu.sh needs for a machine with a card that has neither Java nor Maven nor a network:
#
#   submit/benchmark/gpu_bundle.sh BUNDLE.tar.gz
#
# There: tar xzf BUNDLE.tar.gz && spark-peft-gpu/submit/benchmark/gpu.sh RESULTS.jsonl. About 55 MB: a small Java, this
# project's classes with the tests of all backends, and the bindings of CUDA, but neither Spark nor CUDA itself.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

[ $# -eq 1 ] || fail "Usage: submit/benchmark/gpu_bundle.sh BUNDLE.tar.gz"
for tool in mvn jlink jar; do
  command -v "$tool" >/dev/null || fail "Cannot pack for another machine: $tool is not installed"
done
target="$(realpath -m "$1")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
bundle="$work/spark-peft-gpu"
mkdir -p "$bundle/lib" "$bundle/submit/benchmark"

cd "$root"
echo "building ..." >&2
mvn -B -q -DskipTests -Dspotless.check.skip=true -pl spark-job,cuda -am package \
  dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/gpu-classpath.txt >&2
for module in shared-model datasets spark-job cuda; do
  cp -r "$module/target/classes" "$bundle/lib/$module"
done
for module in shared-model cuda; do
  cp -r "$module/target/test-classes" "$bundle/lib/$module-tests"
done
# Spark and ND4J are not needed; what is named here is.
wanted='junit-|opentest4j-|apiguardian-|assertj-|byte-buddy-|slf4j-api-|jackson-(core|databind|annotations)-2|RoaringBitmap-|picocli-|config-1|jna-[0-9]|javacpp-[0-9]|openblas-[0-9]|cuda-[0-9]'
tr ':' '\n' <<<"$(cat spark-job/target/gpu-classpath.txt):$(cat cuda/target/gpu-classpath.txt)" | sort -u |
  grep -E "/($wanted)[^/]*\.jar\$" | xargs -I{} cp {} "$bundle/lib/"
# OpenBLAS without LAPACK, which is half of it.
blas="$(ls "$bundle"/lib/openblas-*-linux-*.jar)"
mkdir "$work/blas"
(cd "$work/blas" && jar --extract --file "$blas")
find "$work/blas" \( -name libjniopenblas.so -o -name libjniopenblas_full.so -o -name '*.h' -o -name '*.cmake' \) -delete
jar --create --file "$blas" -C "$work/blas" .
cp submit/common.sh "$bundle/submit/"
cp submit/benchmark/gpu.sh submit/benchmark/gpu_peer.py "$bundle/submit/benchmark/"
jlink --output "$bundle/jre" --strip-debug --no-header-files --no-man-pages --compress=2 \
  --add-modules java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.management,jdk.unsupported,jdk.incubator.vector
tar -czf "$target" -C "$work" spark-peft-gpu
echo "$target: $(du -m "$target" | cut -f1) MB" >&2
