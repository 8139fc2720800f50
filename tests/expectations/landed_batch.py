"""A small healthy batch of landed rows, which a test then breaks in one place."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from extractors.landing import REGISTRY_SCHEMAS, SCHEMAS, land_shard, landed_file, write_table

PERIOD = "2021Q1"
LOOKED = datetime(2021, 4, 1, 1, 0, tzinfo=UTC)
RUN = "20210401T010000Z"
Row = dict[str, Any]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Batch:
    """Ten accounts on each of two platforms and ten websites, all read. Change ``rows``, then land."""

    def __init__(self) -> None:
        self.registry: dict[str, list[Row]] = {name: [] for name in REGISTRY_SCHEMAS}
        self.rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
        common = {"period": PERIOD, "snapshot_at": LOOKED, "snapshot_id": "abc"}
        self.registry["registry_plan"].append(common | {"rule_set": "national-2019", "coverage_floor": 1.0})
        for n in range(20):
            platform = ("douyin", "weibo")[n % 2]
            subject_id = f"{platform}:u{n}"
            self.registry["registry_accounts"].append(
                common
                | {
                    "subject_id": subject_id,
                    "platform": platform,
                    "account_name": f"号{n}",
                    "status": "active",
                }
            )
            look = self._capture("account", subject_id, platform)
            self.rows["posts"].append(
                look
                | {
                    "platform": platform,
                    "subject_id": subject_id,
                    "post_id": f"p{n}",
                    "published_at": LOOKED - timedelta(days=3),
                    "evidence_sha256": sha256(subject_id),
                    "seen_at": LOOKED,
                }
            )
            if platform == "douyin":
                self.rows["account_menus"].append(
                    look
                    | {
                        "platform": platform,
                        "subject_id": subject_id,
                        "is_open": True,
                        "entries": "[]",
                        "has_interaction": True,
                        "identity_seen": f"u{n}",
                        "evidence_sha256": sha256(subject_id),
                    }
                )
        for n in range(10):
            site_code = f"44080000{n:02}"
            self.registry["registry_websites"].append(
                common | {"site_code": site_code, "site_name": f"网站{n}", "status": "active"}
            )
            look = self._capture("website", site_code, None)
            seen = {"site_code": site_code, "column_name": "动态", "evidence_sha256": sha256(site_code)}
            self.rows["page_visits"].append(
                look | seen | {"url": "http://x.gov.cn/", "outcome": "ok_complete"}
            )
            self.rows["site_items"].append(
                look
                | seen
                | {"url": "http://x.gov.cn/1", "claimed_date": date(2021, 3, 29), "seen_at": LOOKED}
            )
            asked = {"message_id": "1", "asked_on": date(2021, 3, 1), "replied_on": date(2021, 3, 2)}
            self.rows["site_messages"].append(
                look | seen | asked | {"url": "http://x.gov.cn/m", "is_public_list": True, "seen_at": LOOKED}
            )
            self.rows["site_services"].append(
                look
                | seen
                | {"url": "http://x.gov.cn/s", "elements_found": ["事项名称"] * 8, "elements_missing": []}
                | {"detail": "", "seen_at": LOOKED}
            )

    def _capture(self, kind: str, subject_id: str, platform: str | None) -> Row:
        look = {"capture_id": f"c-{subject_id}", "run_id": RUN, "period": PERIOD, "extractor_version": "1"}
        self.rows["captures"].append(
            look
            | {
                "subject_kind": kind,
                "subject_id": subject_id,
                "platform": platform,
                "captured_at": LOOKED,
                "outcome": "ok_complete",
                "evidence_sha256": sha256(subject_id),
            }
        )
        self.rows["evidence"].append(look | {"subject_id": subject_id, "sha256": sha256(subject_id)})
        return look

    def table(self, name: str) -> list[Row]:
        return self.rows[name] if name in self.rows else self.registry[name]

    def land(self, landing: Path) -> None:
        land_shard(landing, PERIOD, RUN, "s1", self.rows)
        for table, rows in self.registry.items():
            write_table(landed_file(landing, table, PERIOD, "20210401T000000Z-abc", "all"), table, rows)
