#!/usr/bin/env bash
# Builds the module dl4j with an empty Maven repository, as on a machine that never built it, holds the class path to its
# versions and trains networks with it:
#
#   submit/fresh-repository.sh [DIRECTORY]
#
# DIRECTORY keeps what was downloaded (540 MB); without it that is deleted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository="${1:-}"
if [ -z "$repository" ]; then
  repository="$(mktemp -d)"
  trap 'rm -rf "$repository"' EXIT
fi
if [ -n "$(ls -A "$repository" 2>/dev/null)" ]; then
  echo "Cannot start: $repository is not empty" >&2
  exit 2
fi
mvn -B "-Dmaven.repo.local=$repository" -Pdl4j -pl dl4j -am -Dtest=VersionsTest -Dit.test=OneMachineIT \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false verify
