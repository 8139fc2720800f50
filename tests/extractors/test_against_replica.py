"""Accounts of the bundled city, met by the real driver in a real Chromium. (States: test_state_matrix.py.)"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.browser import Browser
from extractors.outcomes import Outcome
from extractors.platforms.visit import account_visitor
from extractors.records import Visit
from extractors.registry import read_registry
from replica.scenario import BUNDLED
from replica.server import Replica, running_replica
from replica.sessions import write_sessions
from settings import Settings

pytestmark = pytest.mark.browser
REGISTRY = read_registry(BUNDLED / "zhanjiang_2021q1" / "registry")
STALE = {"湛江市e警通", "湛江霞山交警", "湛江交警", "麻章风采", "平安徐闻"}
PLATFORMS = ["douyin", "kuaishou", "wechat", "weibo"]


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with running_replica() as running:
        yield running


@pytest.fixture
def settings(replica: Replica, tmp_path: Path) -> Settings:
    write_sessions(tmp_path / "sessions")
    return Settings(
        data=tmp_path / "data",
        sessions=tmp_path / "sessions",
        proxy=replica.proxy_url,
        tls_verify=False,
        pace_seconds=0,
        page_seconds=20,
    )


async def visit_all(settings: Settings, platform: str, ids: list[str]) -> dict[str, Visit]:
    """Visits by subject id: some at once where each account has a page of its own."""
    subjects = {subject.id: subject for subject in REGISTRY.subjects("platform")}
    at_once = asyncio.Semaphore(1 if platform == "wechat" else 4)

    async with Browser(settings) as browser, account_visitor(browser, platform, settings) as visitor:

        async def one(subject_id: str) -> Visit:
            async with at_once:
                return await visitor.visit(subjects[subject_id], REGISTRY.plan)

        return dict(zip(ids, await asyncio.gather(*map(one, ids)), strict=True))


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_healthy_accounts(settings: Settings, platform: str) -> None:
    accounts = [s for s in REGISTRY.subjects("platform") if s.platform == platform]
    chosen = [s for s in accounts if s.name in STALE] + [s for s in accounts if "合成" in s.name][-3:]
    visits = await visit_all(settings, platform, [s.id for s in chosen])
    opens = REGISTRY.plan.windows_start
    closes = REGISTRY.plan.monitoring_points[-1]
    for subject in chosen:
        visit = visits[subject.id]
        assert visit.outcome is Outcome.OK_COMPLETE, (subject.name, visit.detail)
        assert visit.identity_seen == subject.uid
        inside = [p for p in visit.posts if opens < p.published_at <= closes and not p.is_deleted]
        assert bool(inside) == (subject.name not in STALE), subject.name
        pictured = any(seen.role == "screenshot" for seen in visit.seen)
        assert pictured == (subject.name in STALE and platform != "wechat")


async def test_without_a_login_weibo_is_partial_and_wechat_is_a_login_page(
    settings: Settings, tmp_path: Path
) -> None:
    visitor = settings.model_copy(update={"sessions": tmp_path / "nobody"})
    for platform, outcome in (("weibo", Outcome.OK_PARTIAL), ("wechat", Outcome.LOGIN_REQUIRED)):
        one = next(s.id for s in REGISTRY.subjects("platform") if s.platform == platform)
        visit = (await visit_all(visitor, platform, [one]))[one]
        assert visit.outcome is outcome, visit.detail
        assert visit.channel.endswith(":anonymous")
