"""The same three tasks on Kubernetes: finetune >> quality_gate >> promote, each Spark driver in a pod of its own.

The image is that of submit/kubernetes: Spark, this job's jar under /opt/spark-peft, and its conf/. The driver's pod starts
the executors' pods, so the service account spark-peft may create pods in its namespace (submit/kubernetes says which role it needs).
What differs between places is set by Airflow variables:

    spark_peft_image            the image
    spark_peft_namespace        namespace of all pods
    spark_peft_recipe, spark_peft_runs, spark_peft_serving, spark_peft_limits    as in spark_peft.py

Credentials for object stores come with the service account, or from whatever else the provider chain finds in the pod;
none is in this file.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum

try:
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from kubernetes.client import models as k8s

from gate_task import quality_gate
from spark_settings import spark_settings

# Runs that were started by hand may lack a logical date in Airflow 3.
RUN_NAME = "{{ (logical_date or dag_run.run_after).strftime('%Y%m%dt%H%M%S') }}"
RUN = "{{ var.value.spark_peft_runs }}/" + RUN_NAME
NAMESPACE = "{{ var.value.spark_peft_namespace }}"
IMAGE = "{{ var.value.spark_peft_image }}"
JAR = "local:///opt/spark-peft/spark-peft.jar"

# Kubernetes puts the pod's address where $(POD_IP) stands.
POD_ADDRESS = k8s.V1EnvVar(
    name="POD_IP",
    value_from=k8s.V1EnvVarSource(field_ref=k8s.V1ObjectFieldSelector(field_path="status.podIP")),
)
SUBMIT = [
    "--master=k8s://https://kubernetes.default.svc",
    "--deploy-mode=client",
    "--properties-file=/opt/spark-peft/conf/kubernetes.properties",
    "--class=io.sparkpeft.cli.Main",
    "--conf=spark.driver.host=$(POD_IP)",
    "--conf=spark.driver.bindAddress=0.0.0.0",
    "--conf=spark.kubernetes.namespace=" + NAMESPACE,
    "--conf=spark.kubernetes.container.image=" + IMAGE,
    "--conf=spark.kubernetes.executor.label.spark-peft-run=" + RUN_NAME,
    # MiB of each process: the heap, and the tensors outside it. They go before what the file of properties says.
    *(f"--conf={key}={value}" for key, value in spark_settings(heap=2048, tensors=2048).items()),
    JAR,
]

with DAG(
    dag_id="spark_peft_kubernetes",
    doc_md=__doc__,
    schedule="@weekly",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True},
    tags=["spark-peft"],
) as dag:
    finetune = KubernetesPodOperator(
        task_id="finetune",
        doc_md="Runs the recipe, or goes on with it. Exit code 75 means that trying again goes on from a checkpoint.",
        name="spark-peft-" + RUN_NAME,
        namespace=NAMESPACE,
        image=IMAGE,
        service_account_name="spark-peft",
        cmds=["/opt/spark/bin/spark-submit"],
        arguments=SUBMIT + ["finetune", "{{ var.value.spark_peft_recipe }}", "--output", RUN],
        env_vars=[POD_ADDRESS],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "1", "memory": "6Gi"}, limits={"memory": "6Gi"}
        ),
        reattach_on_restart=True,
        log_events_on_failure=True,
        on_finish_action="delete_succeeded_pod",
        execution_timeout=timedelta(hours=12),
    )

    promote = KubernetesPodOperator(
        task_id="promote",
        doc_md="Copies model and adapter into the serving directory, then replaces current.json: one step for readers.",
        name="spark-peft-promote-" + RUN_NAME,
        namespace=NAMESPACE,
        image=IMAGE,
        service_account_name="spark-peft",
        cmds=["/opt/spark/bin/spark-submit"],
        arguments=SUBMIT + ["promote", RUN, "--to", "{{ var.value.spark_peft_serving }}"],
        env_vars=[POD_ADDRESS],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "1", "memory": "2Gi"}, limits={"memory": "2Gi"}
        ),
        reattach_on_restart=True,
        log_events_on_failure=True,
        on_finish_action="delete_succeeded_pod",
        execution_timeout=timedelta(hours=1),
    )

    finetune >> quality_gate(RUN, "{{ var.value.get('spark_peft_limits', '') }}") >> promote
