"""Is this machine ready to capture, and how do the platforms stand? Each answer says what to do."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx

from errors import UserError
from extractors.browser import Browser, find_chromium
from extractors.circuit import Opened
from extractors.manners import EnoughForToday, Manners
from extractors.outcomes import OK
from extractors.owners import OwnerKey, owner_keys
from extractors.periods import SHANGHAI
from extractors.platforms.catalogue import PLATFORMS
from extractors.platforms.owner import failure_of, owner_api
from extractors.platforms.visit import account_visitor
from extractors.platforms.wechat_menu import read_menu
from extractors.registry import Registry, read_registry
from extractors.sessions import login_ends, session_file, session_hosts
from extractors.summary import last_canaries, reads_as_updated
from settings import Settings

# A quarter of one city takes well under this: bodies are kept compressed.
_ROOM_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Answer:
    what: str
    fine: bool
    says: str


def examine(settings: Settings) -> Iterator[Answer]:
    """Look at what a capture needs: browser, fonts, disk, registry, login states. Opens no page."""
    yield _asked("浏览器", lambda: str(find_chromium(settings)))
    yield _fonts()
    yield _disk(settings)
    yield _asked("台账", partial(_registry, settings))
    yield _asked("公众号凭据", partial(_keys, settings))
    for platform in PLATFORMS:
        yield _asked(f"登录 {platform}", partial(_session, settings, platform))
        yield _asked(f"对照 {platform}", partial(_canaries, settings, platform))
        yield _asked(f"熔断 {platform}", partial(_circuit, settings, platform))


def look_now(settings: Settings) -> Iterator[Answer]:
    """One light look at each platform, through the browser and the proxy: does its canary read as it should?

    Nothing of it lands. Raises :class:`errors.UserError` where the registry cannot be read.
    """
    registry = read_registry(settings.registry)
    for platform in PLATFORMS:
        yield _asked(f"试看 {platform}", partial(_try, settings, registry, platform))
    names = {account.uid: account.name for account in registry.subjects("platform")}
    for uid, key in owner_keys(settings).items():
        yield _asked(f"试用凭据 {names.get(uid, uid)}", partial(_try_key, settings, key))


def _asked(what: str, question: Callable[[], str]) -> Answer:
    try:
        return Answer(what, True, question())
    except UserError as error:
        return Answer(what, False, str(error))


def _fonts() -> Answer:
    lister = shutil.which("fc-list")
    listed = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout if lister else b""
    says = "有" if listed else "没有：截图中的汉字会是方块，请装 fonts-noto-cjk"
    return Answer("中文字体", bool(listed), says)


def _disk(settings: Settings) -> Answer:
    place = settings.root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    says = f"{settings.root} 可用 {free / 1024**3:.1f} GB"
    fine = free > _ROOM_BYTES
    return Answer("磁盘", fine, says if fine else f"{says}，请清理或改 XUNJIAN_DATA")


def _registry(settings: Settings) -> str:
    registry = read_registry(settings.registry)
    return f"{len(registry.accounts)} 个账号，{len(registry.websites)} 个网站，{registry.plan.period}"


def _keys(settings: Settings) -> str:
    keys = owner_keys(settings)
    if not keys:
        return "没有：主办单位可以给出，见 docs/runbooks/owner-keys.md"
    registry = read_registry(settings.registry)
    known = {account.uid for account in registry.subjects("platform")}
    if strangers := sorted(set(keys) - known):
        raise UserError(f"{settings.owners_file} 中有台账没有的账号：{'、'.join(strangers)}；请改正或删去")
    return f"{len(keys)} 个账号有；可用 xunjian doctor --live 试用"


def _try_key(settings: Settings, key: OwnerKey) -> str:
    refused = asyncio.run(_refusal(settings, key))
    if refused is not None:
        raise UserError(f"{refused}；请主办单位核对 appid、secret，并把本机出口 IP 加入公众号的 IP 白名单")
    return "公众号接口接受"


async def _refusal(settings: Settings, key: OwnerKey) -> str | None:
    """Why the key opens nothing; ``None`` where it does."""
    try:
        async with Manners(settings, "wechat").turn(), owner_api(settings, key) as api:
            refused = await api.enter("menu")
    except EnoughForToday as enough:
        return str(enough)
    except (TimeoutError, httpx.HTTPError) as error:
        return failure_of(settings, error)
    state = read_menu(refused).state if refused is not None else None
    return state[1] if state is not None else None


def _session(settings: Settings, platform: str) -> str:
    path: Path | None = session_file(settings, platform)
    if path is None:
        raise UserError(f"未登录：运行 xunjian login {platform}；不登录时只能当访客看，证明不了“未更新”")
    session_hosts(path)  # that it can be read at all
    ends = login_ends(path.read_text(encoding="utf-8"), platform)
    saved = f"登录状态存于 {_day(datetime.fromtimestamp(path.stat().st_mtime, UTC))}"
    if ends is None:
        return f"{saved}，未写明到期；平台可能提前作废，可用 xunjian doctor --live 试看"
    if ends <= datetime.now(UTC):
        raise UserError(f"登录已于 {_day(ends)} 到期：运行 xunjian login {platform}")
    return f"{saved}，有效至 {_day(ends)}（平台可能提前作废）"


def _canaries(settings: Settings, platform: str) -> str:
    registry = read_registry(settings.registry)
    looks = last_canaries(settings.landing, platform)
    if not registry.canaries_of(platform):
        return "没有登记：在台账 canaries 表中放一两个每天更新的账号，采集才有旁证"
    if not looks:
        return f"登记了 {len(registry.canaries_of(platform))} 个，还没有看过"
    seen = max(look["captured_at"] for look in looks)
    quiet = [look["subject_id"] for look in looks if not reads_as_updated(look, registry.plan.canary_hours)]
    if quiet:
        raise UserError(
            f"{_day(seen)} 没有读作已更新：{'、'.join(quiet)}；"
            "在浏览器中打开核对，停更的换一个，否则检查登录与解析"
        )
    return f"{_day(seen)} 看过 {len(looks)} 个，都读作已更新"


def _circuit(settings: Settings, platform: str) -> str:
    today = f"今天看过 {Manners(settings, platform).looks_today()} 次"
    opened = Opened.read(settings, platform)
    if opened is not None:
        advice = opened.outcome.advice.replace("xunjian login", f"xunjian login {platform}")
        raise UserError(
            f"{_day(opened.at)} 因“{opened.outcome.zh}”断开（{opened.run_id}），{today}：{advice}"
        )
    cap = f"，每日上限 {settings.daily_cap}" if settings.daily_cap else ""
    return f"未断开，{today}{cap}"


def _try(settings: Settings, registry: Registry, platform: str) -> str:
    return asyncio.run(_look(settings, registry, platform))


async def _look(settings: Settings, registry: Registry, platform: str) -> str:
    accounts = [who for who in registry.subjects("platform") if who.platform == platform]
    chosen = next(iter(registry.canaries_of(platform) + accounts), None)
    if chosen is None:
        return "台账中没有这个平台的账号"
    plan = registry.plan.for_daily_check(registry.plan.daily_point(datetime.now(UTC)))
    try:
        async with (
            Manners(settings, platform).turn(),
            Browser(settings) as browser,
            account_visitor(browser, platform, settings) as visitor,
        ):
            visit = await visitor.visit(chosen, plan)
    except EnoughForToday as enough:
        raise UserError(str(enough)) from None
    if visit.outcome not in OK:
        advice = visit.outcome.advice.replace("xunjian login", f"xunjian login {platform}")
        raise UserError(f"{chosen.name}：{visit.outcome.zh}（{visit.detail}）；{advice}")
    newest = _day(visit.newest_seen) if visit.newest_seen else "无"
    return f"{chosen.name}：{visit.outcome.zh}，最新一条 {newest}"


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y年%-m月%-d日 %H:%M}"
