"""Whose site a page says it is."""

import pytest

from extractors.websites.identity import Identity, mismatch, missing
from extractors.websites.pages import HtmlPage

REGISTERED = Identity("4408040001", "坡头区政府网", "potou.zhanjiang.gov.cn")


def said(**metas: str) -> HtmlPage:
    html = "".join(f'<meta name="{name}" content="{content}">' for name, content in metas.items())
    return HtmlPage("http://potou.zhanjiang.gov.cn/", html)


@pytest.mark.parametrize(
    "metas",
    [
        {},
        {"SiteIDCode": "4408040001", "SiteName": "坡头区政府网", "SiteDomain": "potou.zhanjiang.gov.cn"},
        {"siteidcode": " 4408040001 ", "SITENAME": "湛江市坡头区人民政府门户网站"},
        {"SiteIDCode": "４４０８０４０００１", "SiteName": "坡头区 人民政府"},
        {"SiteDomain": "http://www.potou.zhanjiang.gov.cn/"},
        {"SiteDomain": "www.zhanjiang.gov.cn"},
        {"SiteDomain": "www.ptq.gov.cn；potou.zhanjiang.gov.cn:80"},
    ],
)
def test_one_site_says_its_name_in_many_ways(metas: dict[str, str]) -> None:
    assert mismatch(said(**metas), REGISTERED) is None


@pytest.mark.parametrize(
    ("metas", "word"),
    [
        ({"SiteIDCode": "4408030001"}, "标识码"),
        ({"SiteIDCode": "4408040001", "SiteName": "霞山区政府网"}, "名称"),
        ({"SiteName": "网站"}, "名称"),
        ({"SiteDomain": "xiashan.zhanjiang.gov.cn"}, "域名"),
        ({"SiteDomain": "http://[bad"}, "域名"),
    ],
)
def test_another_site_is_told(metas: dict[str, str], word: str) -> None:
    assert word in (mismatch(said(**metas), REGISTERED) or "")


def test_what_is_not_said_is_missing_and_no_mismatch() -> None:
    assert missing(said(SiteIDCode="4408040001", sitename="")) == ["SiteName", "SiteDomain"]
    assert mismatch(said(SiteName="霞山区政府网"), Identity("4408040001")) is None, (
        "only the code is compared"
    )
