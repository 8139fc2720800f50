"""No blocked page becomes a fail, no partial list a pass without a fresh post in it: state by state."""

from collections.abc import Mapping

import pytest

from extractors.platforms.catalogue import PLATFORMS
from tests.extractors.state_matrix import PAGE, WELL, Cell, Seen, as_page, see_everything, states_of, wrong

pytestmark = pytest.mark.browser
Matrix = Mapping[str, Mapping[Cell, Seen]]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    return see_everything(tmp_path_factory.mktemp("matrix"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_matrix(matrix: Matrix, platform: str) -> None:
    seen, states = matrix[platform], states_of(platform)
    told = {
        (cell.state, cell.behind): (saw.outcomes, saw.detail)
        for cell, saw in seen.items()
        if cell.behind != "empty" and saw.outcomes[0] not in states[cell.state].means
    }
    assert told == {}, "each state is called by its name"
    assert wrong(seen) == ([], [])
    well = [saw.verdict for cell, saw in seen.items() if cell.state == WELL]
    assert well == ["pass", "fail", "fail"]


def test_the_page_says_what_was_seen(matrix: Matrix) -> None:
    assert PAGE.read_text("utf-8") == as_page(matrix), "run: python -m tests.extractors.state_matrix"
