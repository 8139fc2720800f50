"""A scenario: which subjects exist, what each published and when, and which of them are in a bad state.

A scenario is a directory: ``scenario.yml`` (its clock, its seed, what is said by hand) beside ``registry/``
(the office's own CSV files, read here with a few lines of their own: the replica shares no code with the
extractors it is a witness for). Whatever ``scenario.yml`` does not say follows from the seed, always alike.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from errors import UserError
from replica.availability import read_availability
from replica.states import ALL_STATES, State

BUNDLED = Path(__file__).parent / "scenarios"
PLATFORM_HOSTS = {
    "www.douyin.com": "douyin",
    "www.kuaishou.com": "kuaishou",
    "live.kuaishou.com": "kuaishou",
    "passport.kuaishou.com": "kuaishou",
    "mp.weixin.qq.com": "wechat",
    "api.weixin.qq.com": "wechat_api",
    "weibo.com": "weibo",
    "www.weibo.com": "weibo",
    "passport.weibo.com": "weibo",
    "login.sina.com.cn": "weibo",
    "m.weibo.cn": "weibo",
}
# Where the municipal portal itself would answer: sites that moved point here, channels live below it.
CITY_HOST = "www.zhanjiang.gov.cn"
# Well-known sites of the rest of the world: the availability probe's controls.
CONTROL_HOSTS = frozenset({"www.gov.cn", "www.baidu.com", "www.qq.com"})
# Where the scenario's clock is set: a name that no network knows.
CLOCK_HOST = "clock.replica.invalid"
# Where the operator's phone scans a platform's code.
PHONE_HOST = "phone.replica.invalid"


@dataclass(frozen=True)
class Column:
    """One registered column (栏目). ``spec`` is what scenario.yml says of it by hand."""

    name: str
    column_class: str
    url: str
    update_within_days: int | None
    spec: Mapping[str, Any] = field(default_factory=dict)
    level: int = 1


@dataclass(frozen=True, eq=False)
class Subject:
    """One account, or one website (``platform`` is then ``websites``) with its columns."""

    platform: str
    uid: str
    name: str
    organiser: str
    spec: Mapping[str, Any]
    home_url: str = ""
    site_class: str = ""
    columns: tuple[Column, ...] = ()

    @property
    def id(self) -> str:
        """As the registry writes it: ``platform:uid``, or the site's 标识码."""
        return self.uid if self.platform == "websites" else f"{self.platform}:{self.uid}"


class Scenario:
    """Everything the replica's sites need to know. ``states`` may be changed while it is being served."""

    def __init__(self, folder: Path, script: Mapping[str, Any], subjects: list[Subject]) -> None:
        self.folder = folder
        self.script = script
        self.seed = str(script["seed"])
        self.own_now = instant(script["now"])
        self.now = self.own_now  # a simulated week moves it
        self.monitoring_point = instant(script["monitoring_point"])
        self.subjects = subjects
        ids = {key: s.id for s in subjects if s.platform == "websites" for key in (s.id, s.name)}
        self.availability = read_availability(script, self.monitoring_point, ids)
        self.states: dict[str, State] = {}
        self.stale_since: dict[str, datetime] = {}
        self.scanned: set[str] = set()  # platforms whose code was scanned, for the page that shows it next
        for subject, state in (script.get("states") or {}).items():
            self.set_state(subject, state)

    @cached_property
    def _by_id(self) -> dict[str, Subject]:
        return {subject.id: subject for subject in self.subjects}

    @cached_property
    def sites(self) -> list[tuple[str, str, Subject]]:
        """Websites as (host, path prefix, site), the longest prefix first: channels share a host."""
        found = [(*_address(s.home_url), s) for s in self.subjects if s.platform == "websites"]
        return sorted(found, key=lambda site: -len(site[1]))

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Host names that the replica answers for. No other name is ever asked of any network."""
        sites = {host for host, _, _ in self.sites}
        return frozenset(PLATFORM_HOSTS) | sites | {CITY_HOST} | CONTROL_HOSTS | {CLOCK_HOST, PHONE_HOST}

    def account(self, platform: str, uid: str) -> Subject | None:
        return self._by_id.get(f"{platform}:{uid}")

    def site_at(self, host: str, path: str) -> Subject | None:
        return next(
            (site for name, prefix, site in self.sites if host == name and path.startswith(prefix)), None
        )

    def find(self, key: str) -> list[Subject]:
        """Subjects by id, uid, name, or a platform's name (``websites`` for all sites).

        Raises :class:`errors.UserError` where there is none.
        """
        found = [s for s in self.subjects if key in (s.id, s.uid, s.name, s.platform)]
        if not found:
            raise UserError(f"情景中没有“{key}”：请用台账中的标识（如 douyin:MS4w…、4408040001）或名称")
        return found

    def state_of(self, subject_id: str) -> State | None:
        """The state that a subject is in now: the one it was put into, else what its availability says."""
        return self.states.get(subject_id) or self.availability.state_at(subject_id, self.now)

    def set_state(self, key: str, state: str | None) -> None:
        """Put a subject (or all of a platform) into a state of :mod:`replica.states`; ``None`` heals it.

        Raises :class:`errors.UserError` where the state is unknown or does not exist on that platform.
        """
        for subject in self.find(key):
            if state is None:
                self.states.pop(subject.id, None)
                continue
            known = ALL_STATES[subject.platform]
            if state not in known:
                elsewhere = [name for name, states in ALL_STATES.items() if state in states]
                reason = f"只适用于 {'、'.join(elsewhere)}" if elsewhere else "不存在"
                raise UserError(
                    f"状态“{state}”{reason}，不能用于 {subject.platform} 的“{subject.name}”；"
                    f"可用：{'、'.join(sorted(known))}"
                )
            self.states[subject.id] = known[state]

    def set_stale(self, platform: str, since: datetime | None) -> None:
        """Let ``platform`` show nothing of after ``since``, in lists that look sound; ``None`` heals it.

        So does a platform that serves an old copy, or holds back the newest from whom it distrusts.
        """
        if since is None:
            self.stale_since.pop(platform, None)
        else:
            self.stale_since[platform] = since

    def defaults(self, group: str) -> Mapping[str, Any]:
        """What ``scenario.yml`` says of all subjects (or columns) of a kind."""
        return dict(self.script["defaults"][group])


def load_scenario(name_or_path: str | Path) -> Scenario:
    """A bundled scenario by name, or any scenario directory by path.

    Raises :class:`errors.UserError` where it cannot be read or contradicts its own registry.
    """
    bundled = BUNDLED / str(name_or_path)
    folder = bundled if (bundled / "scenario.yml").is_file() else Path(name_or_path)
    file = folder / "scenario.yml"
    if not file.is_file():
        names = "、".join(sorted(path.parent.name for path in BUNDLED.glob("*/scenario.yml")))
        raise UserError(f"没有情景“{name_or_path}”：现有 {names}，也可给出含 scenario.yml 的目录")
    try:
        script = yaml.safe_load(file.read_text(encoding="utf-8"))
        subjects = [*_accounts(folder, script), *_websites(folder, script)]
        return Scenario(folder, script, subjects)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"情景文件有误：{file.name}：{error}") from error


def instant(text: object) -> datetime:
    """An instant written with its offset. Raises ``ValueError`` without one."""
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError(f"时间“{text}”缺少时区，应如 2021-03-31T23:59:59+08:00")
    return moment


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.path or "/"


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    file = folder / "registry" / f"{table}.csv"
    if table == "canaries" and not file.exists():
        return  # an office need not have any
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _said_by_hand(
    script: Mapping[str, Any], section: str, names: set[str]
) -> Mapping[str, Mapping[str, Any]]:
    said: Mapping[str, Mapping[str, Any]] = script.get(section) or {}
    if strangers := sorted(set(said) - names):
        raise UserError(f"scenario.yml 的 {section} 提到台账中没有的：{'、'.join(strangers)}")
    return said


def _accounts(folder: Path, script: Mapping[str, Any]) -> Iterator[Subject]:
    """The registered accounts, and the canaries: to their platforms they are accounts like any other."""
    rows = [*_rows(folder, "accounts"), *_rows(folder, "canaries")]
    said = _said_by_hand(script, "accounts", {row["account_name"] for row in rows})
    for row in rows:
        name = row["account_name"]
        organiser = row.get("organiser") or name
        yield Subject(row["platform"], row["platform_uid"], name, organiser, said.get(name, {}))


def _websites(folder: Path, script: Mapping[str, Any]) -> Iterator[Subject]:
    rows, columns = list(_rows(folder, "websites")), list(_rows(folder, "columns"))
    said = _said_by_hand(script, "websites", {row["site_name"] for row in rows})
    for row in rows:
        spec = said.get(row["site_name"], {})
        mine = [column for column in columns if column["site_code"] == row["site_code"]]
        by_hand = _said_by_hand(spec, "columns", {column["column_name"] for column in mine})
        yield Subject(
            "websites",
            row["site_code"],
            row["site_name"],
            row["organiser"],
            spec,
            home_url=row["home_url"],
            site_class=row["site_class"],
            columns=tuple(
                Column(
                    column["column_name"],
                    column["column_class"],
                    column["url"],
                    int(column["update_within_days"]) if column["update_within_days"] else None,
                    by_hand.get(column["column_name"], {}),
                    int(column.get("column_level") or 1),
                )
                for column in mine
            ),
        )
