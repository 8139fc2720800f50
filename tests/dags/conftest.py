"""The DAGs as Airflow's own DAG processor reads them, in a home of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from settings import PROJECT

_READ = """
import json, sys
from pathlib import Path
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.serialization.serialized_objects import DagSerialization

folder = Path(sys.argv[1])
bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
dags = {dag_id: DagSerialization.to_dict(dag)["dag"] for dag_id, dag in bag.dags.items()}
Path(sys.argv[2]).write_text(json.dumps({"errors": bag.import_errors, "dags": dags}, default=str))
"""


@pytest.fixture(scope="session")
def airflow_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "XUNJIAN_"))}
    return kept | {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "SCARF_ANALYTICS": "false",
    }


@pytest.fixture(scope="session")
def parsed(airflow_environment: dict[str, str]) -> dict[str, Any]:
    """``errors`` by file, and ``dags`` as they are serialised for the scheduler."""
    answer = Path(airflow_environment["AIRFLOW_HOME"]) / "dags.json"
    subprocess.run(
        [sys.executable, "-c", _READ, str(PROJECT / "dags"), str(answer)],
        env=airflow_environment,
        check=True,
        capture_output=True,
    )
    return dict(json.loads(answer.read_text()))
