#!/usr/bin/env bash
# Builds what is missing and runs the main job on the bundled samples, in local Spark on all cores:
#
#   submit/local.sh [--set KEY=VALUE] [--force] [other arguments of finetune]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"
build_if_stale
spark=(submit/submit.sh --properties-file conf/local.properties)
if [ ! -f runs/samples/model/model.safetensors ]; then
  "${spark[@]}" sample runs/samples
fi
exec "${spark[@]}" finetune conf/quickstart.conf "$@"
