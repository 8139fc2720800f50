"""The marts' tables by their published names and columns, worked out by hand for a few subjects.

A stand-in for dbt where a test is about what reads the marts, not about how they come to be.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from settings import PROJECT

PERIOD = "2021Q1"
POINT = datetime(2021, 3, 31, 15, 59, 59, tzinfo=UTC)
SHA256 = "ab" * 32
PLATFORMS = {"douyin": "抖音短视频", "kuaishou": "快手短视频", "wechat": "微信号", "weibo": "新浪微博"}
CLASSES = {"portal": "门户网站", "standalone": "独立站点", "channel": "子频道"}
INDICATORS = {"website": ["W1", "W3", "W4.1", "SCORE"], "account": ["M1", "M2.1", "M3.1"]}

# The grid is no mart; its keys are what the border asks for.
_GRID = """create table intermediate.int_check_grid(
    period varchar, subject_kind varchar, subject_id varchar, indicator_code varchar,
    monitoring_point timestamptz)"""


def _empty_marts() -> Iterator[str]:
    """Every mart as its contract says: what is published is written down in one place alone."""
    for file in sorted((PROJECT / "dbt_project" / "models" / "marts").glob("*.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", ()):
            columns = ", ".join(f'"{c["name"]}" {c["data_type"]}' for c in model["columns"])
            yield f"create table marts.{model['name']}({columns})"


DDL = ";\n".join(["create schema marts", "create schema intermediate", *_empty_marts(), _GRID])


@dataclass
class Subject:
    """``findings``: indicator code → problem. ``open``: indicator code → why it could not be told."""

    kind: str
    id: str
    name: str
    organiser: str
    group: str  # a platform, or a site class
    findings: dict[str, str] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)
    reviewer: str | None = None
    measured: str = "0 条"

    @property
    def verdict(self) -> str:
        return "fail" if self.findings else "undetermined" if self.open else "pass"


def rate_text(passed: int, checked: int, decimals: int) -> str:
    return f"{round(100 * passed / checked + 1e-9, decimals):.{decimals}f}%" if checked else "无法计算"


class Marts:
    """Tables as lists of rows. Change ``tables`` to break them, then :meth:`write`."""

    def __init__(self, subjects: list[Subject], coverage_floor: float = 1.0) -> None:
        self.floor = coverage_floor
        self.tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.tables["marts.dim_periods"].append({
            "period": PERIOD, "sampling_from": date(2021, 1, 1), "sampling_to": date(2021, 3, 31),
            "rule_set": "national-2019", "rule_set_name": "政府网站与政务新媒体检查指标",
            "basis": "国办秘函〔2019〕19号", "monitoring_points": [POINT], "coverage_floor": coverage_floor,
        })  # fmt: skip
        for position, subject in enumerate(subjects, start=1):
            self._add(subject, position)
        for kind in ("account", "website"):
            of_kind = [subject for subject in subjects if subject.kind == kind]
            self._rate(kind, "all", "all", of_kind)
            for group in sorted({subject.group for subject in of_kind}):
                breakdown = "platform" if kind == "account" else "site_class"
                self._rate(kind, breakdown, group, [s for s in of_kind if s.group == group])

    def _add(self, subject: Subject, position: int) -> None:
        account = subject.kind == "account"
        keys = {"period": PERIOD, "subject_kind": subject.kind, "subject_id": subject.id}
        who = keys | {
            "subject_name": subject.name, "organiser": subject.organiser, "district": "市直",
            "platform": subject.group if account else None,
        }  # fmt: skip
        site_class = None if account else subject.group
        self.tables["marts.dim_subjects"].append(who | {
            "platform_name": PLATFORMS.get(subject.group),
            "annex_platform": PLATFORMS.get(subject.group),
            "site_class": site_class, "site_class_name": CLASSES.get(subject.group), "position": position,
            "in_scope": True, "is_sampled": True,
        })  # fmt: skip
        self.tables["marts.fct_verdicts"].append(
            who
            | {
                "site_class": site_class,
                "verdict": subject.verdict,
                "is_veto": "SCORE" not in subject.findings,
            }
        )
        for code in INDICATORS[subject.kind]:
            cell = keys | {"indicator_code": code, "monitoring_point": POINT}
            status = (
                "fail" if code in subject.findings else "undetermined" if code in subject.open else "pass"
            )
            self.tables["intermediate.int_check_grid"].append(cell)
            self.tables["marts.fct_checks"].append(
                cell | {"status": status, "reason": subject.open.get(code)}
            )
            if status == "fail":
                self.tables["marts.fct_findings"].append(who | cell | {
                    "indicator_name": f"指标{code}", "clause": "监测时间点前2周内无更新。",
                    "problem": subject.findings[code], "measured": subject.measured,
                    "threshold": "<1",
                    "is_veto": code != "SCORE", "evidence_sha256": None if subject.reviewer else SHA256,
                    "reviewer": subject.reviewer,
                })  # fmt: skip
        self.tables["marts.fct_captures"].append({
            "capture_id": f"c{position}", "period": PERIOD, "subject_kind": subject.kind,
            "subject_id": subject.id, "platform": who["platform"], "captured_at": POINT,
            "outcome": "captcha" if subject.open else "ok_complete", "evidence_sha256": SHA256,
        })  # fmt: skip

    def _rate(self, kind: str, breakdown: str, value: str, subjects: list[Subject]) -> None:
        count = {v: sum(s.verdict == v for s in subjects) for v in ("pass", "fail", "undetermined")}
        checked = count["pass"] + count["fail"]
        self.tables["marts.fct_quarterly_pass_rates"].append({
            "period": PERIOD, "subject_kind": kind, "breakdown": breakdown, "breakdown_value": value,
            "registered": len(subjects), "checked": checked, "passed": count["pass"], "failed": count["fail"],
            "undetermined": count["undetermined"], "pass_rate": count["pass"] / checked if checked else None,
            "pass_rate_text": rate_text(count["pass"], checked, 1 if kind == "account" else 0),
            "status": "final" if checked >= self.floor * len(subjects) else "provisional",
            "in_scope": len(subjects), "sampled": len(subjects),
            "wilson_low": 0.0 if checked else None, "wilson_high": 1.0 if checked else None,
        })  # fmt: skip

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(DDL)
            for table, rows in self.tables.items():
                if rows:
                    names = list(dict.fromkeys(name for row in rows for name in row))
                    whole = [{name: row.get(name) for name in names} for row in rows]
                    connection.register("rows", pa.Table.from_pylist(whole))
                    connection.execute(f"insert into {table} by name from rows")
