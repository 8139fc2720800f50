"""公众号's other ways and its menu, by real capture against the replica; and no key is left anywhere."""

import base64
import gzip
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from extractors import capture
from extractors.landing import landed_file
from extractors.registry import Registry, read_registry
from extractors.reparse import reparse
from replica.platforms.wechat_api import _token, key_of, write_owner_keys
from replica.scenario import Scenario, Subject
from replica.server import running_replica
from replica.sessions import write_sessions
from settings import Settings
from tests.extractors.conftest import EMPTY

pytestmark = pytest.mark.browser

NOON = "2021-03-31T12:00:00+08:00"
FRESH: Mapping[str, Any] = {"latest": "2021-03-30T10:00:00+08:00"}
# On the day that the window opens at noon: the day alone proves nothing, the article's own page does.
ON_THE_EDGE: Mapping[str, Any] = {"latest": "2021-03-17T18:00:00+08:00"}
ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "by_owner": {**FRESH, "owner": {"menu": "dead"}},
    "well": {**FRESH, "owner": {"menu": "valid"}},
    "edge": {**ON_THE_EDGE, "owner": {"menu": "by_hand", "delay": True}},
    "half_sent": {**FRESH, "half_sent": True},
    "no_token": {**FRESH, "owner": {"refuses": {"token": 40164}}},
    "strangers": {**FRESH, "owner": {"whose": "well"}},
    "no_articles": {**FRESH, "owner": {"menu": "none", "refuses": {"articles": 48001}}},
    "no_menu": {**FRESH, "owner": {"refuses": {"menu": 45009}}},
}
STATES = {
    "by_owner": "rate_limited",
    "edge": "rate_limited",
    "no_token": "captcha",
}
SCRIPT = {
    "seed": "owners",
    "now": "2021-04-01T09:00:00+08:00",
    "monitoring_point": NOON,
    "defaults": {
        "wechat": {
            "posts": 12, "every_days": [8, 9], "empty_slots": 0, "newest_days": [0, 1],
            "share_after_point": 0, "pinned": [],
        }
    },
}  # fmt: skip


def uid(name: str) -> str:
    return base64.b64encode(str(3999000001 + list(ACCOUNTS).index(name)).encode()).decode()


def registry_of(folder: Path) -> Registry:
    header = "platform,platform_uid,account_name,organiser,supervisor,district,status,opened_on,closed_on"
    tables = {
        "accounts": "\n".join(
            [header, *(f"wechat,{uid(name)},{name},合成县某局,,,active,," for name in ACCOUNTS)]
        ),
        "websites": "site_code,site_name,site_class,organiser,supervisor,district,home_url,status\n",
        "columns": "site_code,column_name,column_class,url,update_within_days\n",
        **EMPTY,
    }
    folder.mkdir()
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    (folder / "plan.yml").write_text(
        f"period: 2021Q1\nsampling: {{from: 2021-01-01, to: 2021-03-31}}\nmonitoring_points: ['{NOON}']\n"
        "indicators: [M2, M3]\nsince: 2021-03-10\n",
        encoding="utf-8",
    )
    return read_registry(folder)


class Captured:
    """One run over :data:`ACCOUNTS`, and what it left."""

    def __init__(self, folder: Path) -> None:
        subjects = [Subject("wechat", uid(name), name, "合成县某局", spec) for name, spec in ACCOUNTS.items()]
        self.scenario = Scenario(folder, SCRIPT, subjects)
        for name, state in STATES.items():
            self.scenario.set_state(name, state)
        write_sessions(folder / "sessions")
        write_owner_keys(self.scenario, folder / "sessions")
        self.requests = folder / "requests.jsonl"
        with running_replica(self.scenario, request_log=self.requests) as replica:
            self.settings = Settings(
                data=folder / "data", sessions=folder / "sessions", proxy=replica.proxy_url, tls_verify=False,
                pace_seconds=0, page_seconds=20, circuit_after=3,
            )  # fmt: skip
            registry = registry_of(folder / "registry")
            # As a run's own process, whose log is kept: it is searched for secrets too.
            self.captured = capture.capture_all(registry, self.settings, run_id="r1")

    def rows(self, table: str) -> list[dict[str, Any]]:
        path = landed_file(self.settings.landing, table, "2021Q1", "r1", "wechat")
        found: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
        return found

    def told(self, name: str, kind: str = "account") -> list[tuple[int, str, str]]:
        return [
            (row["attempt"], row["channel"], row["outcome"])
            for row in self.rows("captures")
            if (row["subject_id"], row["subject_kind"]) == (f"wechat:{uid(name)}", kind)
        ]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Captured:
    return Captured(tmp_path_factory.mktemp("owners"))


def test_other_ways_are_gone_only_where_the_first_proved_nothing(done: Captured) -> None:
    assert done.captured.complete
    assert done.told("well") == [(1, "wechat.backend", "ok_complete")]
    assert done.told("by_owner") == [
        (1, "wechat.backend", "rate_limited"),
        (2, "wechat.backend", "rate_limited"),
        (3, "wechat.owner", "ok_partial"),
    ]
    assert done.told("half_sent") == [
        (1, "wechat.backend", "ok_partial"),
        (3, "wechat.article:anonymous", "ok_partial"),
    ]
    # A key that is refused shuts no door to others, and is no reason to ask twice.
    assert done.told("no_token")[-1] == (3, "wechat.owner", "login_required")


def test_a_bare_day_proves_no_edge_and_the_article_gives_the_second(done: Captured) -> None:
    assert [row[1:] for row in done.told("edge") if row[0] > 2] == [
        ("wechat.owner", "ok_partial"),
        ("wechat.article:anonymous", "ok_partial"),
    ]
    posts = [row for row in done.rows("posts") if row["subject_id"] == f"wechat:{uid('edge')}"]
    seen = {row["published_rule"]: row["published_at"].isoformat() for row in posts}
    assert seen == {
        "wechat_ref_date": "2021-03-17T15:59:59+00:00",
        "wechat_ct": "2021-03-17T10:00:00+00:00",
    }
    details = [
        row["detail"]
        for row in done.rows("captures")
        if (row["subject_id"], row["attempt"]) == (f"wechat:{uid('edge')}", 3)
    ]
    assert "is_delay" in details[0]


def test_menus_say_what_they_are_and_whose(done: Captured) -> None:
    menus = {row["subject_id"].removeprefix("wechat:"): row for row in done.rows("account_menus")}
    said = {name: menus.get(uid(name)) for name in ACCOUNTS}
    assert {name: (row["has_interaction"], row["interaction"]) for name, row in said.items() if row} == {
        "well": (True, ["互动交流/县长信箱"]),
        "by_owner": (False, ["互动交流/留言"]),
        "edge": (None, ["互动交流/我要咨询"]),
        "no_articles": (False, []),
    }
    assert [row["identity_seen"] for row in said.values() if row] == [
        uid("by_owner"), uid("well"), uid("edge"), None,
    ]  # fmt: skip
    outcomes = {name: [row[2] for row in done.told(name, "menu")] for name in ACCOUNTS}
    assert outcomes == {
        "well": ["ok_complete"], "by_owner": ["ok_complete"], "edge": ["ok_complete"], "half_sent": [],
        "no_token": ["login_required"], "strangers": ["identity_mismatch"], "no_articles": ["ok_partial"],
        "no_menu": ["rate_limited"],
    }  # fmt: skip
    counts = {str(outcome): n for outcome, n in done.captured.summary.counts["wechat"].items()}
    assert counts == {"ok_complete": 4, "ok_partial": 3, "login_required": 1}, "a menu is no look at the list"


def test_no_key_is_left_anywhere(done: Captured) -> None:
    secrets = {
        secret
        for subject in done.scenario.subjects
        for secret in (key_of(done.scenario, subject)[1], _token(done.scenario, subject))
    }
    files = [path for path in done.settings.root.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files) and len(files) > 40
    for path in [*files, done.requests]:
        raw = path.read_bytes()
        body = gzip.decompress(raw) if path.suffix == ".gz" else raw
        assert not [secret for secret in secrets if secret.encode() in body], path
    urls = [row["url"] for row in done.rows("evidence") if "api.weixin.qq.com" in row["url"]]
    assert any("access_token=-" in url for url in urls)
    assert not [url for url in urls if re.search(r"access_token=[^-]", url)]


def test_the_same_rows_come_out_of_the_evidence_alone(done: Captured) -> None:
    again = reparse(done.settings, "2021Q1")
    assert again.is_whole and again.landed == 0 and again.same == len(done.rows("captures"))
