"""Which addresses may be opened at all. The registry and the pages are hostile input."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def check_url(url: str) -> None:
    """Raises ``ValueError`` (Chinese, one line) unless ``url`` is a plain public http(s) address.

    Only the address itself is judged: no look-up is made. Where a proxy is set, the proxy decides what
    a name leads to.
    """
    if any(character.isspace() or not character.isprintable() for character in url):
        raise ValueError("网址含有空格或不可见字符，请删去")
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise ValueError("网址写法不对，应如 https://www.example.gov.cn/") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("网址应以 http:// 或 https:// 开头，如 https://www.example.gov.cn/")
    if parts.username is not None or parts.password is not None:
        raise ValueError("网址不得带用户名或密码，请删去 @ 之前的部分")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise ValueError("网址指向本机或内网，请改为公开地址")
    try:
        address = ip_address(host)
    except ValueError:
        return
    if not address.is_global:
        raise ValueError("网址指向本机或内网，请改为公开地址")
