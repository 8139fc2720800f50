"""A chosen timeline, landed as the extractors would land it: the warehouse's tests start from real files."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from extractors.landing import REGISTRY_SCHEMAS, land_shard, landed_file, write_table
from extractors.periods import SHANGHAI

T = datetime(2021, 3, 31, 23, 59, 59, tzinfo=SHANGHAI)
AFTER_T = T + timedelta(hours=9)
WINDOW_START = T - timedelta(days=14)
PERIOD = "2021Q1"

Rows = list[dict[str, Any]]


def sha(text: str) -> str:
    """A stand-in for a content hash: 64 hexadecimal digits that depend on ``text``."""
    return uuid5(NAMESPACE_URL, text).hex * 2


@dataclass
class Timeline:
    """Registry and captures of one period. Build it up, then :meth:`land_registry` and :meth:`land`."""

    landing: Path
    period: str = PERIOD
    points: tuple[datetime, ...] = (T,)
    indicators: tuple[str, ...] = ("W1", "W3", "W4", "SCORE", "M1", "M2", "M3")
    coverage_floor: float = 1.0
    rule_set: str = "national-2019"
    registry: dict[str, Rows] = field(default_factory=lambda: {name: [] for name in REGISTRY_SCHEMAS})
    rows: dict[str, Rows] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)  # what else the plan says
    run_id: str = "r1"
    version: str = "2026.11.1"

    def _register(self, table: str, **row: Any) -> None:
        rows = self.registry[f"registry_{table}"]
        rows.append({"position": len(rows) + 1} | row)

    def account(self, uid: str, platform: str = "weibo", **more: Any) -> str:
        subject_id = f"{platform}:{uid}"
        self._register(
            "accounts",
            **{
                "subject_id": subject_id, "platform": platform, "platform_uid": uid,
                "account_name": f"合成账号{uid}", "organiser": "合成局", "district": "合成区",
                "status": "active",
            } | more,
        )  # fmt: skip
        return subject_id

    def website(self, site_code: str, site_class: str = "channel", **more: Any) -> str:
        self._register(
            "websites",
            **{
                "site_code": site_code, "site_name": f"合成网站{site_code}", "site_class": site_class,
                "organiser": "合成局", "home_url": f"http://{site_code}.gov.cn/", "status": "active",
            } | more,
        )  # fmt: skip
        return site_code

    def columns(self, site_code: str, names: list[str], column_class: str = "news", **more: Any) -> None:
        for name in names:
            self._register(
                "columns",
                **{
                    "site_code": site_code, "column_name": name, "column_class": column_class,
                    "url": f"http://{site_code}.gov.cn/{name}/", "column_level": 1,
                } | more,
            )  # fmt: skip

    def finding(self, subject_id: str, indicator: str, problem: str, evidence: str = "照片") -> None:
        self._register(
            "manual_findings",
            subject_kind="account" if ":" in subject_id else "website",
            subject_id=subject_id,
            indicator=indicator,
            problem=problem,
            observed_on=date(2021, 3, 20),
            evidence_sha256=sha(evidence),
            reviewer="合成复核人",
        )

    def score(self, site_code: str, score: float) -> None:
        self._register(
            "manual_scores",
            site_code=site_code,
            score=score,
            scored_on=date(2021, 3, 25),
            reviewer="合成评分人",
        )

    def circular(
        self, circular_id: str, kind: str, checked: int | None, failed: int | None, rate: str | None
    ) -> None:
        self._register(
            "circulars", circular_id=circular_id, title="合成通报", organ="合成办公室",
            circular_period=self.period, subject_kind=kind, registered=checked, checked=checked,
            failed_listed=failed, rate_stated=rate,
        )  # fmt: skip

    def _look(self, subject_id: str, attempt: int) -> dict[str, Any]:
        capture_id = str(uuid5(NAMESPACE_URL, f"{self.run_id}/{subject_id}/{attempt}"))
        return {
            "capture_id": capture_id, "run_id": self.run_id, "period": self.period,
            "extractor_version": self.version,
        }  # fmt: skip

    def _captured(self, kind: str, subject_id: str, look: dict[str, Any], attempt: int, **more: Any) -> None:
        self.rows.setdefault("captures", []).append(
            look
            | {
                "shard": "s1", "subject_kind": kind, "subject_id": subject_id, "url": "https://example.cn/",
                "attempt": attempt, "evidence_sha256": sha(look["capture_id"]),
            }
            | more
        )  # fmt: skip

    def look_at_account(
        self,
        subject_id: str,
        posts: list[datetime],
        outcome: str = "ok_complete",
        at: datetime = AFTER_T,
        attempt: int = 1,
        oldest: datetime | None = None,
        reached_end: bool = True,
        pinned: bool = False,
        deleted: bool = False,
        kind: str = "account",
        **more: Any,
    ) -> str:
        """One visit to an account that shows posts of these times. Returns its capture id."""
        platform, _, uid = subject_id.partition(":")
        look = self._look(subject_id, attempt)
        self._captured(
            kind, subject_id, look, attempt,
            **{
                "platform": platform, "captured_at": at, "server_date": at, "outcome": outcome,
                "identity_seen": uid if outcome.startswith("ok") else None, "items_seen": len(posts),
                "oldest_seen": oldest or min(posts, default=None), "newest_seen": max(posts, default=None),
                "reached_end": reached_end,
            } | more,
        )  # fmt: skip
        self.rows.setdefault("posts", []).extend(
            look
            | {
                "platform": platform, "subject_id": subject_id, "post_id": f"{instant:%Y%m%d%H%M%S}",
                "published_at": instant, "published_raw": str(instant), "published_rule": "epoch",
                "is_pinned": pinned, "is_repost": False, "is_deleted": deleted, "kind": "microblog",
                "title": "合成内容", "url": "https://example.cn/p", "seen_at": at,
                "evidence_sha256": sha(look["capture_id"]),
            }
            for instant in posts
        )  # fmt: skip
        return str(look["capture_id"])

    def look_at_site(
        self,
        site_code: str,
        pages: dict[str, list[date | None] | str],
        at: datetime = AFTER_T,
        attempt: int = 1,
        reached_end: bool = True,
        is_navigation: bool = False,
    ) -> None:
        """One visit to a site. ``pages`` has for each column ("" is the home page) the days its list shows,
        or the outcome that was met instead of a list."""
        look = self._look(site_code, attempt)
        self._captured(
            "website", site_code, look, attempt, captured_at=at, server_date=at, outcome="ok_complete"
        )
        for name, listed in pages.items():
            days = [] if isinstance(listed, str) else listed
            known = [day for day in days if day is not None]
            page = {
                "site_code": site_code, "column_name": name, "page_kind": "column" if name else "home",
                "url": f"http://{site_code}.gov.cn/{name}", "evidence_sha256": sha(f"{site_code}/{name}"),
            }  # fmt: skip
            self.rows.setdefault("page_visits", []).append(
                look
                | page
                | {
                    "visited_at": at, "outcome": listed if isinstance(listed, str) else "ok_complete",
                    "items_seen": len(days), "pages": 1, "oldest_date": min(known, default=None),
                    "newest_date": max(known, default=None), "reached_end": reached_end,
                    "is_navigation": is_navigation and not name,
                }
            )  # fmt: skip
            self.rows.setdefault("site_items", []).extend(
                look
                | page
                | {
                    "url": f"{page['url']}/{position}.html", "position": position, "title": "合成信息",
                    "claimed_date": day, "claimed_raw": str(day), "claimed_rule": "list_day", "seen_at": at,
                }
                for position, day in enumerate(days)
            )  # fmt: skip

    def land_registry(
        self, run_id: str = "20210401T000000000000Z-aaaaaaaaaaaa", at: datetime | None = None
    ) -> None:
        common = {
            "period": self.period,
            "snapshot_at": datetime(2021, 4, 1, tzinfo=UTC),
            "snapshot_id": run_id[-12:],
        }
        self.registry["registry_plan"] = [
            {
                "sampling_from": date(2021, 1, 1), "sampling_to": date(2021, 3, 31),
                "since": datetime(2020, 9, 1, tzinfo=SHANGHAI), "monitoring_points": list(self.points),
                "indicators": list(self.indicators), "rule_set": self.rule_set,
                "coverage_floor": self.coverage_floor, "website_decimals": 0, "account_decimals": 1,
            } | self.plan
        ]  # fmt: skip
        for table, rows in self.registry.items():
            names = REGISTRY_SCHEMAS[table].names
            landed = [
                {name: value for name, value in (row | common).items() if name in names} for row in rows
            ]
            write_table(landed_file(self.landing, table, self.period, run_id, "all"), table, landed, at)

    def land(self, shard: str = "s1", at: datetime | None = None) -> None:
        """Land the captures made so far under ``run_id``, by the clock ``at``, and start a fresh shard."""
        land_shard(self.landing, self.period, self.run_id, shard, self.rows, at)
        self.rows = {}
