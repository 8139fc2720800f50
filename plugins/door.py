"""巡检 in Airflow's own menu: the office's pages, behind Airflow's login.

Airflow's API server serves the index page and what it links to, read-only, to whoever is logged in.
Thin, like the DAGs: Airflow, the standard library and the settings.
"""

from typing import Annotated, Any

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse, RedirectResponse

from settings import get_settings

PREFIX = "/xunjian"
INDEX = "reports/index.html"
# Never the evidence, the sessions, the logs or the working warehouse.
SHOWN = ("reports", "quality/data_docs", "docs", "published")

app = FastAPI(title="巡检", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/")
def index(_user: Annotated[Any, Depends(get_user)]) -> RedirectResponse:
    """The front page, at the address that its relative links are written for."""
    return RedirectResponse(f"{PREFIX}/{INDEX}")


@app.get("/{path:path}")
def page(path: str, _user: Annotated[Any, Depends(get_user)]) -> FileResponse:
    """One file of what is shown; 404 for everything else, whether it is there or not."""
    root = get_settings().root
    file = (root / path).resolve()
    if not any(file.is_relative_to((root / shown).resolve()) for shown in SHOWN) or not file.is_file():
        raise HTTPException(404, "没有这个页面")
    return FileResponse(file, headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"})


class Door(AirflowPlugin):
    """The menu entry and the pages behind it."""

    name = "xunjian"
    fastapi_apps = [{"app": app, "url_prefix": PREFIX, "name": "巡检"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {
            "name": "巡检",
            "href": f"{PREFIX}/",
            "destination": "nav",
            "url_route": "xunjian-pages",
            "nav_top_level": True,
        }
    ]
