"""What submit.sh adds to spark-submit, for schedulers that call spark-submit themselves.

Beside its heap a process of Spark PEFT holds tensors, outside of it, and threads, class data and libraries. The program
is told the limit of tensors and refuses to start where a container would be too small for all of it.
"""

from __future__ import annotations

# MiB for threads, class data and libraries.
ROOM = 1024
# The vectors of Java, and its compiler's early attention to them.
JAVA = (
    "--add-modules=jdk.incubator.vector -XX:CompileCommand=quiet"
    " -XX:CompileCommand=CompileThresholdScaling,io.sparkpeft.compute.cpu.vector*::*,0.1"
)


def spark_settings(heap: int = 2048, tensors: int = 2048, threads: int = 1) -> dict[str, str]:
    """Spark settings of driver and executors: MiB of the heap of each and of its tensors, threads of a task."""
    # What rounds bring to the driver follows from the recipe, and the driver's heap bounds it.
    settings = {"spark.driver.maxResultSize": "0"}
    for process in ("driver", "executor"):
        settings[f"spark.{process}.memory"] = f"{heap}m"
        settings[f"spark.{process}.memoryOverhead"] = f"{tensors + ROOM}m"
        settings[f"spark.{process}.defaultJavaOptions"] = (
            f"{JAVA} -Dorg.bytedeco.javacpp.maxbytes={tensors}m"
            f" -Dorg.bytedeco.javacpp.maxphysicalbytes={heap + tensors + ROOM}m"
        )
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        for place in ("spark.executorEnv", "spark.yarn.appMasterEnv", "spark.kubernetes.driverEnv"):
            settings[f"{place}.{variable}"] = str(threads)
    return settings


if __name__ == "__main__":
    for key, value in spark_settings().items():
        print(key, value)
