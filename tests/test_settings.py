import pytest
from pydantic import ValidationError

from settings import Settings, is_loopback


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.1:3128", False),
        ("http://localhost.evil.example:1", False),
    ],
)
def test_loopback_is_an_address_not_a_prefix(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_unverified_tls_needs_a_loopback_proxy() -> None:
    with pytest.raises(ValidationError, match="TLS_VERIFY"):
        Settings(tls_verify=False)
    with pytest.raises(ValidationError, match="TLS_VERIFY"):
        Settings(tls_verify=False, proxy="http://proxy.example.gov.cn:3128")
    assert Settings(tls_verify=False, proxy="http://127.0.0.1:1").tls_verify is False
