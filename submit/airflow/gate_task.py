"""The task between fine-tuning and promotion, of both DAGs."""

from __future__ import annotations

import json

try:
    from airflow.sdk import ObjectStoragePath, task
except ImportError:  # Airflow 2
    from airflow.decorators import task
    from airflow.io.path import ObjectStoragePath
from airflow.exceptions import AirflowFailException

import quality_gate as gate


@task(task_id="quality_gate")
def quality_gate(run: str, limits: str) -> None:
    """Fails for good, without a retry, where the result of the run is not good enough."""
    result = json.loads((ObjectStoragePath(run) / "result.json").read_text())
    sentences = gate.failures(result, limits.split())
    if sentences:
        raise AirflowFailException(f"Cannot promote {run}: " + "; ".join(sentences))
