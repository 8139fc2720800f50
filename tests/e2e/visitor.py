"""Whoever comes by while the demonstration's Airflow is up: at the door, and with a run that breaks."""

import json
import subprocess
import time
from pathlib import Path

import httpx

DOOR = "/xunjian/reports/index.html"
# What the data directory also holds, and ways out of what is shown.
HIDDEN = (
    "/xunjian/airflow/passwords.json",
    "/xunjian/sessions/weibo.json",
    "/xunjian/reports/../airflow/passwords.json",
    "/xunjian/reports/%2e%2e/airflow/passwords.json",
    "/xunjian/reports/..%2fairflow%2fpasswords.json",
    "/xunjian//etc/passwd",
    "/xunjian/%2fetc%2fpasswd",
    "/xunjian/reports/",
    "/xunjian/reports/nothing.html",
)
QUARTER_WITHOUT_DATA = "2020Q4"


class Visitor:
    """A client of the demonstration's API server. Statuses by path: as a stranger, and logged in."""

    def __init__(self, demo: subprocess.Popen[str], data: Path) -> None:
        self._demo, self._home = demo, data / "airflow"
        self.stranger: dict[str, int] = {}
        self.member: dict[str, int] = {}
        self.front_page = ""

    def visit(self) -> None:
        """Break a run, try the door, and wait until it opens; returns early where the demonstration ends."""
        while self._demo.poll() is None and not self._capture_has_begun():
            time.sleep(0.5)
        if self._demo.poll() is not None:
            return
        with httpx.Client(base_url=self._url(), trust_env=False, timeout=30) as http:
            self.stranger = {path: http.get(path).status_code for path in (DOOR, "/xunjian/", *HIDDEN)}
            http.headers["Authorization"] = f"Bearer {self._token(http)}"
            self._break_a_run(http)
            self.member = {path: http.get(path).status_code for path in HIDDEN}
            while self._demo.poll() is None and not self.front_page:
                try:
                    answer = http.get("/xunjian/", follow_redirects=True)
                except httpx.HTTPError:  # the demonstration is over
                    return
                self.member[DOOR] = answer.status_code
                self.front_page = answer.text if answer.is_success else ""
                time.sleep(0.3)

    def _break_a_run(self, http: httpx.Client) -> None:
        run = {"dag_run_id": "broken", "conf": {"period": QUARTER_WITHOUT_DATA}, "logical_date": None}
        while self._demo.poll() is None:
            answer = http.post("/api/v2/dags/circular/dagRuns", json=run)
            # Airflow's SQLite is locked at times while shards start: then, as a person would, again.
            if answer.status_code != httpx.codes.INTERNAL_SERVER_ERROR:
                answer.raise_for_status()
                return
            time.sleep(0.5)

    def _url(self) -> str:
        return (self._home / "run" / "url").read_text()

    def _token(self, http: httpx.Client) -> str:
        password = json.loads((self._home / "passwords.json").read_text())["admin"]
        answer = http.post("/auth/token", json={"username": "admin", "password": password})
        return str(answer.raise_for_status().json()["access_token"])

    def _capture_has_begun(self) -> bool:
        """By its log: the DAGs are switched on then."""
        return any((self._home / "logs").glob("dag_id=capture/*/task_id=*/*"))
