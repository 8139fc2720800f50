"""One page of a government site, from its bytes: text, required meta (国办发〔2017〕47号), article time."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.websites.dates import ClaimedTime, claimed_time

_PRESCAN_BYTES = 2048
# GBK is a superset of GB2312 and GB18030 of both; pages say the first and use the last.
_GB_FAMILY = frozenset({"gb2312", "gbk", "gb18030", "cp936"})
# Said by servers that know nothing of the page: no Chinese text can be written in them.
_SAYS_NOTHING = frozenset({"iso8859-1", "ascii", "cp1252"})
# What browsers take such labels for: every byte is a character.
_LATIN = {ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(256)}
# A blank before the short ones: "当前时间：" is the visitor's.
_TIME_LABELS = ("发布时间", "发布日期", "发文时间", "发文日期", " 时间：", " 时间:", " 日期：", " 日期:")


def decode(body: bytes, content_type: str) -> str:
    """Bytes → text: valid UTF-8 is UTF-8 (Chinese in GB encodings practically never is), else the charset
    declared by the header, else by the page's meta, else GB18030. Never raises.

    A browser hands over the text that it made of the bytes by the header, in UTF-8: where the header claims
    Latin, the bytes are had back first.
    """
    with suppress(UnicodeDecodeError):
        text = body.decode("utf-8-sig")
        sent = _before_latin(text) if _claims_latin(content_type) else None
        return text if sent is None or sent == body else decode(sent, "")
    declared = (_codec(name) for name in (_header_charset(content_type), _meta_charset(body)) if name)
    codec = next((name for name in declared if name not in _SAYS_NOTHING), "gb18030")
    try:
        return body.decode(codec, errors="replace")
    except (LookupError, ValueError):  # "hex" and "idna" are codecs too, but none of a text
        return body.decode("gb18030", errors="replace")


@dataclass(frozen=True)
class HtmlPage:
    """A parsed page. ``url`` is where it came from in the end; links are resolved against it or its base."""

    url: str
    html: str
    tree: LexborHTMLParser = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", LexborHTMLParser(self.html))

    @cached_property
    def meta(self) -> dict[str, str]:
        """Meta by lower-case name; of repeated names the first that says something."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta[name]"):
            name = (node.attributes.get("name") or "").strip().lower()
            content = (node.attributes.get("content") or "").strip()
            if content:
                found.setdefault(name, content)
        return found

    @cached_property
    def base(self) -> str:
        node = self.tree.css_first("base[href]")
        return self._join(self.url, node.attributes.get("href") or "") or self.url if node else self.url

    @cached_property
    def title(self) -> str:
        node = self.tree.css_first("title")
        return squeeze(node.text()) if node else ""

    @cached_property
    def visible_text(self) -> str:
        """Text of the body without scripts and styles."""
        body = self.tree.body
        return squeeze(" ".join(node.text(deep=False) for node in text_nodes(body))) if body else ""

    @cached_property
    def scripts(self) -> str:
        return "\n".join(node.text() for node in self.tree.css("script"))

    @property
    def site_code(self) -> str | None:
        """``SiteIDCode`` (网站标识码)."""
        return self.meta.get("siteidcode")

    def at_fragment(self, url: str) -> "HtmlPage":
        """This page as ``url`` asks for it: servers never see the fragment, by which frames tell columns."""
        fragment = urlsplit(url).fragment
        return HtmlPage(f"{self.url.partition('#')[0]}#{fragment}", self.html) if fragment else self

    def absolute(self, href: str | None) -> str | None:
        """The absolute ``http(s)`` URL that ``href`` leads to; None for scripts, anchors and nonsense."""
        if not href or href.strip().startswith("#"):
            return None
        return self._join(self.base, href.strip())

    @property
    def refresh_url(self) -> str | None:
        """Where a ``<meta http-equiv="refresh">`` leads."""
        for node in self.tree.css("meta[http-equiv]"):
            if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
                continue
            _, _, target = (node.attributes.get("content") or "").partition(";")
            name, _, href = target.strip().partition("=")
            if name.strip().lower() == "url":
                return self.absolute(href.strip(" '\""))
        return None

    @staticmethod
    def _join(base: str, href: str) -> str | None:
        try:
            joined = urljoin(base, href)
            parts = urlsplit(joined)
        except ValueError:
            return None
        return joined if parts.scheme in ("http", "https") and parts.hostname else None


def article_time(page: HtmlPage) -> ClaimedTime | None:
    """When an article says it was published: its ``PubDate`` meta, else the visible 发布时间."""
    if (printed := page.meta.get("pubdate")) and (claimed := claimed_time(printed, "pubdate")):
        return claimed
    text = page.visible_text
    for label in _TIME_LABELS:
        start = text.find(label)
        if start >= 0 and (claimed := claimed_time(text[start : start + len(label) + 24], "visible")):
            return claimed
    return None


def text_nodes(root: LexborNode) -> Iterator[LexborNode]:
    """Every non-blank text node below ``root`` that a person could read, in document order."""
    for node in root.traverse(include_text=True):
        if node.is_text_node and node.text(deep=False).strip():
            parent = node.parent
            if parent is None or parent.tag not in ("script", "style", "noscript", "title"):
                yield node


def squeeze(text: str) -> str:
    """One line: every run of blanks becomes one space."""
    return " ".join(text.split())


def _header_charset(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type
    return header.get_content_charset()


def _meta_charset(body: bytes) -> str | None:
    head = LexborHTMLParser(body[:_PRESCAN_BYTES].decode("latin-1"))
    for node in head.css("meta"):
        if charset := node.attributes.get("charset"):
            return charset.strip()
        if (node.attributes.get("http-equiv") or "").lower() == "content-type":
            return _header_charset(node.attributes.get("content") or "")
    return None


def _claims_latin(content_type: str) -> bool:
    charset = _header_charset(content_type)
    return charset is not None and _codec(charset) in _SAYS_NOTHING


def _before_latin(text: str) -> bytes | None:
    try:
        return codecs.charmap_encode(text, "strict", _LATIN)[0]
    except UnicodeEncodeError:
        return None


def _codec(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "gb18030"
    return "gb18030" if known in _GB_FAMILY else known
