"""Which addresses may be opened at all. The registry and the pages are hostile input."""

import asyncio
import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


def check_url(url: str) -> None:
    """Raises ``ValueError`` (Chinese, one line) unless ``url`` is a plain public http(s) address.

    Only the address itself is judged: no look-up is made. Where a proxy is set, the proxy decides what
    a name leads to. An IP address is judged however it is spelt: browsers also open ``http://2130706433/``
    and ``http://0x7f.1/`` as 127.0.0.1.
    """
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in url):
        raise ValueError("网址含有空格、反斜杠或不可见字符，请删去")
    try:
        parts = urlsplit(url)
        host = unicodedata.normalize("NFKC", parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        raise ValueError("网址写法不对，应如 https://www.example.gov.cn/") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("网址应以 http:// 或 https:// 开头，如 https://www.example.gov.cn/")
    if parts.username is not None or parts.password is not None:
        raise ValueError("网址不得带用户名或密码，请删去 @ 之前的部分")
    address = _address(host)
    internal_name = "." not in host or host.endswith((".localhost", ".local", ".internal"))
    if (not is_public(address)) if address is not None else internal_name:
        raise ValueError("网址指向本机或内网，请改为公开地址")


async def check_resolves_publicly(url: str) -> None:
    """Raises ``ValueError`` where the name in ``url`` leads to an address that is not public.

    For direct connections only: behind a proxy it is the proxy that looks names up. A name that cannot be
    looked up passes: opening it fails by itself and is recorded as what it is.
    """
    host = urlsplit(url).hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    if not all(is_public(ip_address(str(entry[4][0]).partition("%")[0])) for entry in found):
        raise ValueError(f"主机名 {host} 指向本机或内网地址")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the whole internet may reach ``address``."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
