"""The platforms that can be looked at, by the name that the registry uses. Pure."""

from collections.abc import Mapping

from extractors.platforms.douyin import DOUYIN
from extractors.platforms.kuaishou import KUAISHOU
from extractors.platforms.platform import Platform
from extractors.platforms.wechat import WECHAT
from extractors.platforms.weibo import WEIBO

PLATFORMS: Mapping[str, Platform] = {
    platform.name: platform for platform in (DOUYIN, KUAISHOU, WECHAT, WEIBO)
}
