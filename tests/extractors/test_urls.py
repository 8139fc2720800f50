import pytest

from extractors.urls import check_url


@pytest.mark.parametrize(
    "url",
    ["http://www.zhanjiang.gov.cn/", "https://www.example.gov.cn:8443/a?b=c#d", "http://政府.cn/"],
)
def test_public_addresses_may_be_opened(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.gov.cn/",
        "www.example.gov.cn",
        "http://",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:8080/",
        "http://user:secret@example.gov.cn/",
        "http://example.gov.cn/a b",
        "http://example.gov.cn:99999/",
        "http://[broken/",
        "",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="网址"):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://１２７.0.0.1/",
        "http://localhost./",
        "http://intranet/",
        "http://100.64.0.1/",
        "http://example.gov.cn\\@10.0.0.1/",
    ],
)
def test_no_other_spelling_leads_inside(url: str) -> None:
    with pytest.raises(ValueError, match="网址"):
        check_url(url)
