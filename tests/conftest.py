"""What every test may rely on: no setting leaks in from the machine, and the settings are read afresh."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings as hypothesis_settings

from settings import get_settings

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _clean_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("XUNJIAN_") and name != "XUNJIAN_CHROMIUM":
            monkeypatch.delenv(name)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()
