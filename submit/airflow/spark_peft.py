"""Fine-tunes, checks and promotes a model on a schedule: finetune >> quality_gate >> promote.

Put this file, spark_settings.py, gate_task.py and quality_gate.py into the folder of DAGs. What differs between places is
set by Airflow variables:

    spark_peft_jar         URI of spark-peft.jar, readable where spark-submit runs
    spark_peft_recipe      URI of the recipe
    spark_peft_runs        URI under which each run has its directory
    spark_peft_serving     URI of the directory that readers of the current model look into
    spark_peft_limits      limits of the quality gate, separated by blanks: accuracy>=0.85 delta-ce<=0.5

The environment variable SPARK_PEFT_PROPERTIES of Airflow's workers is the path of the Spark properties there, a copy of
conf/yarn.properties or another of conf/. The connection ``spark_default`` holds master and deploy mode. A run's directory is named by its logical date: a task that
is retried, or cleared, goes on from the run's last checkpoint, and does nothing where the run is done. Two attempts at
once do no harm: the older driver notices that it has been replaced, and stops with exit code 75.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum

try:
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

from gate_task import quality_gate
from spark_settings import spark_settings

PROPERTIES = os.environ.get("SPARK_PEFT_PROPERTIES", "/opt/spark-peft/conf/yarn.properties")
JAR = "{{ var.value.spark_peft_jar }}"
# Runs that were started by hand may lack a logical date in Airflow 3.
RUN_NAME = "{{ (logical_date or dag_run.run_after).strftime('%Y%m%dT%H%M%S') }}"
RUN = "{{ var.value.spark_peft_runs }}/" + RUN_NAME
# MiB of each process: the heap, and the tensors outside it. They go before what the file of properties says.
SETTINGS = spark_settings(heap=2048, tensors=2048)

with DAG(
    dag_id="spark_peft",
    doc_md=__doc__,
    schedule="@weekly",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True},
    tags=["spark-peft"],
) as dag:
    finetune = SparkSubmitOperator(
        task_id="finetune",
        doc_md="Runs the recipe, or goes on with it. Exit code 75 means that trying again goes on from a checkpoint.",
        conn_id="spark_default",
        name="spark-peft-" + RUN_NAME,
        application=JAR,
        java_class="io.sparkpeft.cli.Main",
        properties_file=PROPERTIES,
        conf={**SETTINGS, "spark.yarn.tags": "spark-peft,{{ dag_run.run_id }}"},
        application_args=["finetune", "{{ var.value.spark_peft_recipe }}", "--output", RUN],
        execution_timeout=timedelta(hours=12),
    )

    promote = SparkSubmitOperator(
        task_id="promote",
        doc_md="Copies model and adapter into the serving directory, then replaces current.json: one step for readers.",
        conn_id="spark_default",
        name="spark-peft-promote-" + RUN_NAME,
        application=JAR,
        java_class="io.sparkpeft.cli.Main",
        properties_file=PROPERTIES,
        conf=SETTINGS,
        application_args=["promote", RUN, "--to", "{{ var.value.spark_peft_serving }}"],
        execution_timeout=timedelta(hours=1),
    )

    finetune >> quality_gate(RUN, "{{ var.value.get('spark_peft_limits', '') }}") >> promote
