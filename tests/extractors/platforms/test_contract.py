"""What every platform module owes, whichever it is: run over all there are, and so over the next.

A module that defines a :class:`Platform` is found by itself. Its payloads are its fixtures, named with their
outcomes in ``states.csv``; its states stand in the replica. See ``docs/how-to/add-a-platform.md``.
"""

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from urllib.parse import urlsplit

import pytest

import extractors.platforms
from extractors.outcomes import BLOCKED, OK, Outcome
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.platform import Platform, without_secrets
from extractors.platforms.reading import Reading
from extractors.records import Seen
from replica.states import ALL_STATES
from tests.extractors.platforms.test_states import SINCE, TABLE, Row, read, seen

# These open pages and connections, and read none.
DRIVERS = {"article", "backend", "listening", "visit", "owner"}
MODULES = [
    found.name for found in pkgutil.iter_modules(extractors.platforms.__path__) if found.name not in DRIVERS
]
# A counter of works that says 0, whatever it is called, JSON within JSON included.
_COUNTER = re.compile(rb'((?:count|total|photo_public)\w*\\*"\s*:\s*)0\b')
SOMEBODY_ELSE = "somebody-else"


def answers_of(row: Row) -> list[Seen]:
    """The answers of one row of the table, as they came."""
    status = int(row["status"] or 200)
    found = [seen(row["platform"], "profile", row["profile"])] if row["profile"] else []
    for number, name in enumerate(row["lists"].split()):
        found.append(seen(row["platform"], "list", name, status=status, begin=5 * number))
    if row["page"]:
        found.append(seen(row["platform"], "page", row["page"], status=status, url=row["page_url"]))
    return found


def rows_of(platform: str, *outcomes: Outcome) -> list[Row]:
    return [
        row
        for row in TABLE
        if (row["platform"], row["reader"]) == (platform, "list") and Outcome(row["outcome"]) in outcomes
    ]


def whole(platform: str) -> Iterator[list[Seen]]:
    """Answers that together are a whole list with posts in it."""
    for row in rows_of(platform, Outcome.OK_COMPLETE):
        answers = answers_of(row)
        if not row["visitor"] and read(platform, *answers).posts:
            yield answers


def smallest(platform: str) -> list[Seen]:
    return min(whole(platform), key=lambda answers: sum(len(item.body) for item in answers))


def list_of(answers: list[Seen]) -> Seen:
    return next(item for item in answers if item.role == "list")


def found_platforms() -> dict[str, Platform]:
    return {
        value.name: value
        for name in MODULES
        if name != "catalogue"
        for value in vars(importlib.import_module(f"extractors.platforms.{name}")).values()
        if isinstance(value, Platform)
    }


def test_every_platform_that_is_defined_is_in_the_catalogue() -> None:
    assert found_platforms() == dict(PLATFORMS)


@pytest.mark.parametrize("name", MODULES)
def test_a_reader_opens_nothing(name: str) -> None:
    """No browser and no network: what was kept as evidence can be read again anywhere."""
    script = (
        f"import sys, extractors.platforms.{name}; "
        "sys.exit(sorted({'playwright', 'httpx', 'asyncio.base_events'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", PLATFORMS)
class TestPlatform:
    def test_it_has_fixtures_and_states_of_every_sort(self, name: str) -> None:
        told = {
            Outcome(row["outcome"]) for row in TABLE if (row["platform"], row["reader"]) == (name, "list")
        }
        assert {Outcome.OK_COMPLETE, Outcome.OK_PARTIAL, Outcome.IDENTITY_MISMATCH} <= told
        assert Outcome.LAYOUT_CHANGED in told and told & BLOCKED
        shown = {Outcome(means) for state in ALL_STATES[name].values() for means in state.means}
        assert told - shown <= {Outcome.OK_COMPLETE}, "the replica can show whatever is told apart"
        assert list(whole(name)), "a whole list with posts"

    def test_where_it_goes(self, name: str) -> None:
        starts = PLATFORMS[name].starts("a/../b?c#d", frozenset())
        assert len({start.channel for start in starts}) == len(starts) > 0
        for start in starts:
            assert start.channel.startswith(f"{name}.") and urlsplit(start.url).scheme == "https"
            assert "../" not in start.url and "?c" not in start.url, (
                "an id is no part of an address's grammar"
            )

    def test_it_listens_to_no_other_host(self, name: str) -> None:
        for row in rows_of(name, *OK):
            for item in answers_of(row):
                elsewhere = urlsplit(item.url)._replace(netloc="www.example.com").geturl()
                assert PLATFORMS[name].role_of(elsewhere, "") is None

    def test_the_same_bytes_read_the_same(self, name: str) -> None:
        for answers in whole(name):
            assert read(name, *answers) == read(name, *answers)

    def test_posts_are_fit_to_be_kept(self, name: str) -> None:
        for row in rows_of(name, *OK):
            answers = answers_of(row)
            bodies = {item.sha256 for item in answers if item.role == "list"}
            for post in read(name, *answers).posts:
                assert post.evidence_sha256 in bodies, "each row names the bytes it was read from"
                assert post.published_at.tzinfo is UTC and post.published_raw and post.published_rule
                assert post.edited_at is None or (
                    post.edited_at.tzinfo is UTC and post.edited_at > post.published_at
                )
                assert post.post_id and post.kind and len(post.title) <= 80
                assert post.url == "" or urlsplit(post.url).scheme in ("http", "https")

    def test_another_accounts_list_is_not_its_own(self, name: str) -> None:
        for answers in whole(name):
            reading = PLATFORMS[name].read(SOMEBODY_ELSE, SINCE, answers, anonymous=False)
            assert reading.outcome is not Outcome.OK_COMPLETE and reading.identity_seen != SOMEBODY_ELSE

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 412, 418, 429, 432, 451, 500, 502, 521])
    def test_a_good_body_under_a_bad_status_is_no_list(self, name: str, status: int) -> None:
        answers = [replace(item, status=status) for item in smallest(name)]
        assert read(name, *answers).outcome not in OK

    @pytest.mark.parametrize(
        "body",
        [b"", b" ", b"null", b"[]", b"0", b'"ok"', b"{}", b"\xff\xfe", b"<html></html>", b"[" * 100_000],
    )
    def test_other_bytes_are_never_a_list(self, name: str, body: bytes) -> None:
        answers = [replace(item, body=body) if item.role == "list" else item for item in smallest(name)]
        assert read(name, *answers).outcome not in OK

    def test_unknown_json_is_a_changed_layout(self, name: str) -> None:
        """Where nothing refuses us and nothing is known, somebody has to look at the parser."""
        shape = json.dumps({"version": 9, "payload": {"works": [{"when": 1617100200}]}}).encode()
        answers = [replace(item, body=shape) if item.role == "list" else item for item in smallest(name)]
        assert read(name, *answers).outcome is Outcome.LAYOUT_CHANGED

    def test_a_body_cut_at_any_byte_is_neither_an_error_nor_a_whole_list(self, name: str) -> None:
        answers = smallest(name)
        body = list_of(answers).body.rstrip()
        for end in range(len(body)):
            cut = [replace(item, body=body[:end]) if item.role == "list" else item for item in answers]
            assert read(name, *cut).outcome is not Outcome.OK_COMPLETE, end

    def test_an_account_without_posts_is_idle_only_where_the_platform_counts_none(self, name: str) -> None:
        idle = [row for row in rows_of(name, Outcome.OK_COMPLETE) if not read(name, *answers_of(row)).posts]
        assert idle, "one that is explicitly empty"
        for row in idle:
            assert row["detail"] == "作品数为 0"
            counted = [replace(item, body=_COUNTER.sub(rb"\g<1>9", item.body)) for item in answers_of(row)]
            assert counted != answers_of(row)
            assert read(name, *counted).outcome not in OK

    def test_a_list_that_does_not_reach_back_is_not_whole(self, name: str) -> None:
        for answers in whole(name):
            reading = read(name, *answers)
            if reading.reached_end or reading.oldest is None:
                continue
            before = read(name, *answers, since=reading.oldest - timedelta(days=1))
            assert (before.outcome, before.wants_more) == (Outcome.OK_PARTIAL, True)

    def test_a_login_never_makes_it_less(self, name: str) -> None:
        for answers in whole(name):
            reading = read(name, *answers, anonymous=True)
            assert reading.outcome in OK and reading.posts == read(name, *answers).posts

    def test_refusals_prove_nothing_and_say_why(self, name: str) -> None:
        for row in rows_of(name, *(set(Outcome) - OK)):
            reading: Reading = read(name, *answers_of(row))
            assert not reading.posts and reading.oldest is None and not reading.wants_more and reading.detail


@pytest.mark.parametrize(
    "parameter",
    [
        "token",
        "access_token",
        "msToken",
        "ticket",
        "pass_ticket",
        "key",
        "uin",
        "poc_token",
        "captchaSession",
        "a_bogus",
        "X-Bogus",
        "__NS_hxfalcon",
        "webid",
        "uifid",
        "verifyFp",
        "fp",
        "secret",
    ],
)
def test_what_opens_something_is_not_kept_in_an_address(parameter: str) -> None:
    kept = without_secrets(f"https://www.example.com/a?{parameter}=OPENS&count=5#OPENS")
    assert "OPENS" not in kept and kept.endswith("count=5")
