"""Where each route leads: settings for the office's own people, a private file for the organisers."""

from pathlib import Path

import yaml

from errors import UserError
from reports.alerts.message import Route
from settings import Settings


def channels_of(settings: Settings, route: Route) -> list[str]:
    """The Apprise URLs of the office's own routes; none where the office has set none."""
    value = {Route.ONCALL: settings.alert_oncall, Route.DATA: settings.alert_data}[route]
    return value.get_secret_value().split() if value is not None else []


def contacts_of(settings: Settings) -> dict[str, list[str]]:
    """Each organiser's channels, from ``XUNJIAN_ALERT_CONTACTS`` (YAML: 主办单位 → one URL or several).

    Raises :class:`UserError` where the file is not to be read, or others on this machine could read it.
    """
    path = settings.alert_contacts
    if path is None:
        return {}
    try:
        if path.stat().st_mode & 0o077:
            raise UserError(f"{path} 可被他人读取，已拒绝使用：请运行 chmod 600 {path}")
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        kind = type(error).__name__  # its text may quote the file, and the file is secret
        raise UserError(f"{path}：读不了联系方式（{kind}），应为 主办单位: 网址 的 YAML") from None
    return _checked(path, content)


def _checked(path: Path, content: object) -> dict[str, list[str]]:
    contacts: dict[str, list[str]] = {}
    for organiser, urls in content.items() if isinstance(content, dict) else [("", None)]:
        several = [urls] if isinstance(urls, str) else urls
        if not isinstance(several, list) or not all(isinstance(url, str) for url in several):
            raise UserError(f"{path}，{organiser or '整个文件'}：应写作 主办单位: 网址，或网址的列表")
        contacts[str(organiser)] = several
    return contacts
