"""Whose site a page says it is, against the registry: SiteIDCode, SiteName, SiteDomain. Pure.

The three are required of every page by 国办发〔2017〕47号.
A meta that is absent is no mismatch: it is a finding of its own, and told apart here.
"""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.websites.pages import HtmlPage

_NAMES = {"siteidcode": "SiteIDCode", "sitename": "SiteName", "sitedomain": "SiteDomain"}
# What offices add to or leave out of a site's name without meaning another site.
_TITLES = ("政府门户网站", "门户网站", "官方网站", "政府网站", "信息网", "政府网", "网站", "官网", "网")
_GOVERNMENT = "人民政府"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the registry says of a site. An empty name or host is not compared."""

    code: str
    name: str = ""
    host: str = ""


def mismatch(page: HtmlPage, registered: Identity) -> str | None:
    """The first meta that names another site than the registered one, in words; None where none does."""
    said = page.meta
    code, name, domain = (said.get(key, "") for key in _NAMES)
    if code and _plain(code) != _plain(registered.code):
        return f"网站标识码为 {code[:40]}，台账为 {registered.code}"
    if name and registered.name and not same_name(name, registered.name):
        return f"网站名称为“{name[:40]}”，台账为“{registered.name}”"
    if domain and registered.host and not any(same_domain(one, registered.host) for one in _domains(domain)):
        return f"网站域名为 {domain[:60]}，台账为 {registered.host}"
    return None


def missing(page: HtmlPage) -> list[str]:
    """Required site metas that the page does not have."""
    return [name for key, name in _NAMES.items() if not page.meta.get(key)]


def same_name(one: str, other: str) -> bool:
    """Whether two names may be one site's: 坡头区政府网, 湛江市坡头区人民政府门户网站."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return bool(short) and short in long


def same_domain(one: str, other: str) -> bool:
    """Whether two hosts are one, or one lies under the other; a leading ``www.`` makes no difference."""
    short, long = sorted((_host(one), _host(other)), key=len)
    return bool(short) and (short == long or long.endswith(f".{short}"))


def _bare(name: str) -> str:
    plain = _plain(name)
    for title in _TITLES:
        if plain.endswith(title) and len(plain) > len(title):
            plain = plain.removesuffix(title)
            break
    return plain.replace(_GOVERNMENT, "") or plain


def _plain(text: str) -> str:
    """Letters, digits and characters alone, in one width and case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _domains(written: str) -> list[str]:
    """Some sites name several: ``www.a.gov.cn;a.gov.cn``."""
    for separator in ";；,，、|":
        written = written.replace(separator, " ")
    return written.split()


def _host(written: str) -> str:
    address = written if "//" in written else f"//{written}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")
