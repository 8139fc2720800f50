"""The states a subject can be in besides being well, as data: per platform, name → how it shows.

Each state names the outcomes an honest look may come to (``means``). Some names are the outcomes
themselves (``captcha``, ``rate_limited`` …) and exist on every platform that can show them; others name
one particular sign (``null_list``, ``http_432`` …). What shows where follows what is publicly known of
each platform; a sign that is only reconstructed says so (复原).
"""

from collections.abc import Mapping

from replica.states import douyin, kuaishou, websites, wechat, weibo
from replica.states.kinds import Fault, Reply, State

__all__ = ["ALL_STATES", "Fault", "Reply", "State"]

ALL_STATES: Mapping[str, Mapping[str, State]] = {
    "douyin": douyin.STATES,
    "kuaishou": kuaishou.STATES,
    "wechat": wechat.STATES,
    "weibo": weibo.STATES,
    "websites": websites.STATES,
}
