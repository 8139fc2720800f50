"""One small city, landed, loaded and built once with real DuckDB and real dbt; tests look at the outcome."""

import shutil
from pathlib import Path

import pytest
from small_city import small_city

from settings import Settings
from warehouse import build, load


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small city, built. Look, do not touch: copy it with :func:`own_city` to change anything."""
    settings = Settings(data=tmp_path_factory.mktemp("city"))
    city = small_city(settings.landing)
    city.land_registry()
    city.land()
    load(settings)
    build(settings, city.period)
    return settings


@pytest.fixture
def own_city(built_city: Settings, tmp_path: Path) -> Settings:
    """A copy of the built city that a test may change."""
    shutil.copytree(built_city.root, tmp_path / "data")
    return Settings(data=tmp_path / "data")
