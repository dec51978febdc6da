#!/usr/bin/env bash
# Runs a daemon of a Spark standalone cluster in the foreground, with the Spark in $SPARK_HOME, else with Maven's jars:
#
#   submit/standalone/daemon.sh master [--host HOST] [--port PORT] [--webui-port PORT]
#   submit/standalone/daemon.sh worker [--cores N] [--memory SIZE] [--work-dir DIR] spark://HOST:PORT
#
# Environment: WITH="s3a" adds the jars for S3, which executors need for it; SPARK_DAEMON_MEMORY (default 512m).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

case "${1:-}" in
  master) daemon=master.Master ;;
  worker) daemon=worker.Worker ;;
  *)
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
shift
if [ ! -d "${SPARK_HOME:-}/jars" ]; then
  read -r -a profiles <<<"${WITH:-}"
  make_spark_home ${profiles[@]+"${profiles[@]}"}
fi
java="$(java_command)"
exec "$java" "-Xmx${SPARK_DAEMON_MEMORY:-512m}" -cp "$SPARK_HOME/jars/*" "org.apache.spark.deploy.$daemon" "$@"
