"""The registry (台账): who is inspected, what reviewers found, and the period's plan.

Read whole or not at all: :func:`read_registry` names every fault at once and loads nothing half.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from errors import UserError
from extractors.plan import Plan, read_plan
from extractors.records import Column, Subject
from extractors.registry.read import Faults, Row, TableRows, read_table
from extractors.registry.sample import draw, in_operation
from extractors.registry.tables import TABLES, check_uid

Only = Literal["platform", "websites"]


class RegistryErrors(UserError):
    """Every fault of a registry directory, one line each."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors
        super().__init__("\n".join(errors))


@dataclass(frozen=True, slots=True)
class Registry:
    """A checked registry. Rows are dicts with the contract's column names, in the office's order."""

    directory: Path
    plan: Plan
    accounts: list[Row]
    websites: list[Row]
    columns: list[Row]
    manual_findings: list[Row]
    manual_scores: list[Row]
    circulars: list[Row]
    canaries: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    quiet_periods: list[Row] = field(default_factory=list)
    rectification_notices: list[Row] = field(default_factory=list)
    clearances: list[Row] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def sampled(self) -> set[str]:
        """The ids of all who are to be looked at: the plan's sample, else whoever is not closed."""
        accounts = [row for row in self.accounts if row["status"] != "closed"]
        websites = [row for row in self.websites if row["status"] != "closed"]
        sample = self.plan.sample
        if sample is None:
            return {account_id(row) for row in accounts} | {row["site_code"] for row in websites}
        by_platform = [(row["platform"], account_id(row)) for row in accounts if in_operation(row, self.plan)]
        by_class = [(row["site_class"], row["site_code"]) for row in websites if in_operation(row, self.plan)]
        return draw(sample.seed, sample.accounts, by_platform) | draw(sample.seed, sample.websites, by_class)

    def subjects(self, only: Only | None = None, subject_id: str | None = None) -> list[Subject]:
        """Everybody who is to be inspected: no closed ones, and unsampled ones only where one is named.

        Raises :class:`UserError` where ``subject_id`` names nobody.
        """
        subjects: list[Subject] = []
        if only != "websites":
            subjects += [_account(row) for row in self.accounts if row["status"] != "closed"]
        if only != "platform":
            columns: dict[str, list[Column]] = {}
            for row in self.columns:
                columns.setdefault(row["site_code"], []).append(_column(row))
            subjects += [
                _website(row, tuple(columns.get(row["site_code"], ())))
                for row in self.websites
                if row["status"] != "closed"
            ]
        if subject_id is None:
            sampled = self.sampled()
            return [subject for subject in subjects if subject.id in sampled]
        subjects = [subject for subject in subjects if subject.id == subject_id]
        if not subjects:
            raise UserError(f"台账中没有“{subject_id}”（或已关停）；账号写作 平台:账号标识，网站写标识码")
        return subjects

    def canaries_of(self, platform: str) -> list[Subject]:
        """The accounts that vouch for looking at ``platform``."""
        return [_account(row, "canary") for row in self.canaries if row["platform"] == platform]

    def closed_accounts(self) -> list[Subject]:
        """The accounts that are registered as closed (已关停), of which the platform may know otherwise."""
        return [_account(row, "closed") for row in self.accounts if row["status"] == "closed"]


def account_id(row: Row) -> str:
    return f"{row['platform']}:{row['platform_uid']}"


def _account(row: Row, kind: str = "account") -> Subject:
    return Subject(kind, account_id(row), row["account_name"], row["platform"], row["platform_uid"], "")


def _column(row: Row) -> Column:
    return Column(
        row["column_name"],
        row["column_class"],
        row["url"],
        row["update_within_days"],
        row["column_level"] or 1,
    )


def _website(row: Row, columns: tuple[Column, ...]) -> Subject:
    return Subject(
        "website", row["site_code"], row["site_name"], None, row["site_code"], row["home_url"], columns
    )


def _check_keys(table_rows: TableRows, key: tuple[str, ...], faults: Faults) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for number, row in table_rows.rows:
        value = tuple(row[name] for name in key)
        if value in first:
            faults.add(
                table_rows.file,
                f"与第 {first[value]} 行重复（{' '.join(map(str, value))}），请删去一行",
                row=number,
                column=table_rows.header(key[-1]),
            )
        first.setdefault(value, number)


def _check_uids(accounts: TableRows, faults: Faults) -> None:
    for number, row in accounts.rows:
        try:
            check_uid(row["platform"], row["platform_uid"])
        except ValueError as error:
            faults.add(accounts.file, str(error), row=number, column=accounts.header("platform_uid"))


def _check_canaries(tables: dict[str, TableRows], faults: Faults) -> None:
    """Who is inspected cannot vouch for the looking."""
    inspected = {account_id(row) for _, row in tables["accounts"].rows}
    canaries = tables["canaries"]
    for number, row in canaries.rows:
        if account_id(row) in inspected:
            advice = "这个账号也在 accounts 表中；对照账号不得是被检查的账号，请换一个"
            faults.add(canaries.file, advice, row=number, column=canaries.header("platform_uid"))


def _check_quiet_periods(quiet: TableRows, faults: Faults) -> None:
    for number, row in quiet.rows:
        if row["from"] > row["to"]:
            faults.add(quiet.file, "截止日期早于起始日期，请核对", row=number, column=quiet.header("to"))


def _check_dates(accounts: TableRows, faults: Faults) -> None:
    for number, row in accounts.rows:
        opened, closed = row["opened_on"], row["closed_on"]
        if closed is not None and row["status"] == "active":
            faults.add(
                accounts.file,
                "填了关停日期，状态却是正常运行，请改其一",
                row=number,
                column=accounts.header("closed_on"),
            )
        if opened is not None and closed is not None and opened > closed:
            faults.add(
                accounts.file, "关停日期早于开设日期，请核对", row=number, column=accounts.header("closed_on")
            )


def _check_reviews(reviews: TableRows, faults: Faults) -> None:
    """What was cleared must be looked at again some day, and so must a check that a person answered, either
    way: it says nothing of later quarters. Nothing expires before it was decided."""
    for number, row in reviews.rows:
        expires = row["expires_on"]
        if expires is None and (row["decision"] == "cleared" or row["suspicion_id"].startswith("c-")):
            advice = "排除的线索、核实的检查（c- 开头）都要写明有效期，到期会重新列出"
        elif expires is not None and expires < row["reviewed_on"]:
            advice = "有效期早于复核日期，请核对"
        else:
            continue
        faults.add(reviews.file, advice, row=number, column=reviews.header("expires_on"))


def _check_references(tables: dict[str, TableRows], directory: Path, faults: Faults) -> None:
    """Columns, findings and scores must speak of registered subjects; evidence files must be there."""
    sites = {row["site_code"] for _, row in tables["websites"].rows}
    accounts = {account_id(row) for _, row in tables["accounts"].rows}
    for name in ("columns", "manual_scores"):
        rows = tables[name]
        for number, row in rows.rows:
            if row["site_code"] not in sites:
                advice = f"“{row['site_code']}”不在 websites 表中，请核对标识码"
                faults.add(rows.file, advice, row=number, column=rows.header("site_code"))
    for name in ("rectification_notices", "clearances"):
        rows = tables[name]
        for number, row in rows.rows:
            if row["subject_id"] not in sites | accounts:
                advice = f"“{row['subject_id']}”不在台账中；账号写作 平台:账号标识，网站写标识码"
                faults.add(rows.file, advice, row=number, column=rows.header("subject_id"))
    findings = tables["manual_findings"]
    for number, row in findings.rows:
        known = sites if row["subject_kind"] == "website" else accounts
        if row["subject_id"] not in known:
            advice = f"“{row['subject_id']}”不在台账中；账号写作 平台:账号标识，网站写标识码"
            faults.add(findings.file, advice, row=number, column=findings.header("subject_id"))
        if (row["subject_kind"] == "website") != (row["indicator"][0] in "WS"):
            advice = f"{row['indicator']} 不适用于这类对象：网站用 W 开头，新媒体用 M 开头"
            faults.add(findings.file, advice, row=number, column=findings.header("indicator"))
        if row["evidence_file"] is not None and _evidence_path(directory, row["evidence_file"]) is None:
            advice = f"找不到“{row['evidence_file']}”，请放在台账目录之内"
            faults.add(findings.file, advice, row=number, column=findings.header("evidence_file"))


def _evidence_path(directory: Path, name: str) -> Path | None:
    root = directory.resolve()
    path = (root / name).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


def evidence_bytes(registry: Registry, row: Row) -> bytes | None:
    """A reviewer's evidence file, as bytes; None where the finding names none."""
    path = _evidence_path(registry.directory, row["evidence_file"]) if row["evidence_file"] else None
    return path.read_bytes() if path else None


def evidence_sha256(registry: Registry, row: Row) -> str | None:
    content = evidence_bytes(registry, row)
    return hashlib.sha256(content).hexdigest() if content is not None else None


def read_registry(directory: Path) -> Registry:
    """Read and check a registry directory (design: one file per table, and ``plan.yml``).

    Raises :class:`RegistryErrors` with every fault; nothing is returned half.
    """
    if not directory.is_dir():
        raise UserError(f"{directory}：没有这个台账目录，请用 XUNJIAN_REGISTRY 指定")
    faults = Faults()
    tables: dict[str, TableRows] = {}
    for table in TABLES:
        rows = read_table(directory, table, faults)
        tables[table.name] = rows if rows is not None else TableRows(f"{table.name}.csv")
        if rows is not None:
            _check_keys(rows, table.key, faults)
    if not tables["accounts"].headers and not tables["websites"].headers and not faults.errors:
        faults.add(str(directory.name), "既没有 accounts 也没有 websites（.csv 或 .xlsx），请至少放一个")
    plan: Plan | None = None
    try:
        plan = read_plan(directory / "plan.yml")
    except UserError as error:
        faults.errors += str(error).splitlines()
    _check_uids(tables["accounts"], faults)
    _check_uids(tables["canaries"], faults)
    _check_dates(tables["accounts"], faults)
    _check_canaries(tables, faults)
    _check_reviews(tables["reviews"], faults)
    _check_quiet_periods(tables["quiet_periods"], faults)
    # A row that could not be read would make every reference to it look wrong too.
    if not faults.errors:
        _check_references(tables, directory, faults)
    if faults.errors or plan is None:
        raise RegistryErrors(faults.errors)
    return Registry(
        directory=directory,
        plan=plan,
        notices=faults.notices,
        **{name: [row for _, row in rows.rows] for name, rows in tables.items()},
    )


def read_registry_for(directory: Path, period: str) -> Registry:
    """:func:`read_registry`, and its plan must be the period's. Raises :class:`UserError`."""
    registry = read_registry(directory)
    if registry.plan.period != period:
        raise UserError(
            f"plan.yml 是 {registry.plan.period} 的检查计划，不是 {period} 的；请改 --period 或换台账目录"
        )
    return registry
