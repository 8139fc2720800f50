"""What every test may rely on: no setting leaks in from the machine, and the settings are read afresh."""

import os
from collections.abc import Iterator

import pytest

from settings import get_settings


@pytest.fixture(autouse=True)
def _clean_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("XUNJIAN_") and name != "XUNJIAN_CHROMIUM":
            monkeypatch.delenv(name)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()
