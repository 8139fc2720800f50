"""Airflow's own REST API, as far as a local start and the demonstration need it."""

import time
from typing import Any

import httpx
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from deploy.airflow_env import USER

# Where a run, or a task of it, does not change any more.
ENDED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})


def _is_inner_fault(error: BaseException) -> bool:
    return isinstance(error, httpx.HTTPStatusError) and error.response.is_server_error


# Airflow's SQLite is locked at times, while many tasks start: what it then refuses it has not done.
_when_locked = retry(
    retry=retry_if_exception(_is_inner_fault), wait=wait_fixed(0.5), stop=stop_after_delay(30), reraise=True
)


class AirflowApi:
    """A logged-in client. Raises ``httpx.HTTPError`` where the server is away or refuses."""

    def __init__(self, url: str, password: str) -> None:
        self._password = password
        # A proxy of the office's is not for loopback.
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def login(self) -> None:
        answer = self._http.post("/auth/token", json={"username": USER, "password": self._password})
        answer.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _get(self, path: str, **params: Any) -> Any:
        answer = self._http.get(f"/api/v2/{path}", params=params)
        answer.raise_for_status()
        return answer.json()

    def is_healthy(self) -> bool:
        """Whether metadata database, scheduler and DAG processor all report themselves well."""
        try:
            health = self._get("monitor/health")
        except httpx.HTTPError:
            return False
        return all(
            health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor")
        )

    def knows(self, dag_ids: set[str]) -> bool:
        """Whether the DAG files have been read."""
        return dag_ids <= {dag["dag_id"] for dag in self._get("dags")["dags"] if not dag["is_stale"]}

    def import_errors(self) -> list[str]:
        return [error["stack_trace"] for error in self._get("importErrors")["import_errors"]]

    @_when_locked
    def pause(self, dag_id: str, *, paused: bool) -> None:
        self._http.patch(f"/api/v2/dags/{dag_id}", json={"is_paused": paused}).raise_for_status()

    @_when_locked
    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        body = {"dag_run_id": run_id, "conf": conf, "logical_date": None}
        self._http.post(f"/api/v2/dags/{dag_id}/dagRuns", json=body).raise_for_status()

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        return dict(self._get(f"dags/{dag_id}/dagRuns/{run_id}"))

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The run's task instances, mapped ones each by itself, in the order they started."""
        found = self._get(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=1000)["task_instances"]
        return sorted(found, key=lambda task: task["start_date"] or "9")

    def run_caused_by(self, dag_id: str, cause_dag: str, cause_run: str, seconds: float) -> str | None:
        """The run of ``dag_id`` that an asset event of that other run started; None after ``seconds``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for run in self._get(f"dags/{dag_id}/dagRuns")["dag_runs"]:
                if run["start_date"] is None:
                    continue  # queued: Airflow cannot show its events yet, and answers 500 to the question
                events = self._get(f"dags/{dag_id}/dagRuns/{run['dag_run_id']}/upstreamAssetEvents")
                for event in events["asset_events"]:
                    if (event["source_dag_id"], event["source_run_id"]) == (cause_dag, cause_run):
                        return str(run["dag_run_id"])
            time.sleep(0.5)
        return None

    def scheduled_run(self, dag_id: str, seconds: float) -> str | None:
        """The run that the DAG's own schedule started; None after ``seconds``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for run in self._get(f"dags/{dag_id}/dagRuns", run_type="scheduled")["dag_runs"]:
                return str(run["dag_run_id"])
            time.sleep(0.5)
        return None

    def log_tail(self, task: dict[str, Any], lines: int = 25) -> list[str]:
        """The last lines that a task wrote, in its last try."""
        path = (
            f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
            f"/logs/{max(task['try_number'], 1)}"
        )
        content = self._get(path, map_index=task["map_index"], full_content=True)["content"]
        return [entry["event"] if isinstance(entry, dict) else str(entry) for entry in content][-lines:]
