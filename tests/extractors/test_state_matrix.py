"""No blocked page becomes a fail, no partial list a pass without a fresh post in it: state by state."""

from functools import cache
from pathlib import Path

import pytest

from extractors.platforms.catalogue import PLATFORMS
from tests.extractors.state_matrix import PAGE, WELL, Cell, Seen, as_page, look_at, states_of, wrong

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Each platform is looked at once, for whichever test asks first."""

    @cache
    def seen(platform: str) -> dict[Cell, Seen]:
        folder: Path = tmp_path_factory.mktemp(platform)
        return look_at(platform, folder)

    return seen


@pytest.mark.parametrize("platform", PLATFORMS)
def test_matrix(look, platform: str) -> None:  # type: ignore[no-untyped-def]
    seen, states = look(platform), states_of(platform)
    told = {
        (cell.state, cell.behind): (saw.outcomes, saw.looks[0]["captures"][0]["detail"])
        for cell, saw in seen.items()
        if cell.behind != "empty" and saw.outcomes[0] not in states[cell.state].means
    }
    assert told == {}, "each state is called by its name"
    assert wrong(seen) == ([], [])
    well = [saw.verdict for cell, saw in seen.items() if cell.state == WELL]
    assert well == ["pass", "fail", "fail"]


def test_the_page_says_what_was_seen(look) -> None:  # type: ignore[no-untyped-def]
    seen = {platform: look(platform) for platform in PLATFORMS}
    assert PAGE.read_text("utf-8") == as_page(seen), "run: python -m tests.extractors.state_matrix"
