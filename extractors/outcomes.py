"""What a look at a subject may say. Closed: nothing else may be written.

Only ``ok_complete`` may feed "not updated"; ``ok_partial`` can prove *updated*, never the opposite;
everything else proves nothing. A page that could not be read is never an idle account.
"""

from enum import StrEnum


class Outcome(StrEnum):
    OK_COMPLETE = "ok_complete"
    OK_PARTIAL = "ok_partial"
    LOGIN_REQUIRED = "login_required"
    CAPTCHA = "captcha"
    RATE_LIMITED = "rate_limited"
    SIGNATURE_REJECTED = "signature_rejected"
    ACCOUNT_GONE = "account_gone"
    PRIVATE = "private"
    NOT_FOUND = "not_found"
    IDENTITY_MISMATCH = "identity_mismatch"
    UNREACHABLE = "unreachable"
    LAYOUT_CHANGED = "layout_changed"

    @property
    def zh(self) -> str:
        return MEANING[self][0]

    @property
    def advice(self) -> str:
        """What whoever is on call should do next."""
        return MEANING[self][1]


MEANING: dict[Outcome, tuple[str, str]] = {
    Outcome.OK_COMPLETE: ("完整读到", "无需处理"),
    Outcome.OK_PARTIAL: ("只读到一部分", "登录后重新采集；只能证明已更新"),
    Outcome.LOGIN_REQUIRED: ("需要登录", "运行 xunjian login 重新登录该平台"),
    Outcome.CAPTCHA: ("出现验证码", "停止采集，由人工在浏览器中处理后再试"),
    Outcome.RATE_LIMITED: ("访问过快被限制", "数小时后再试，并调大 XUNJIAN_PACE_SECONDS"),
    Outcome.SIGNATURE_REJECTED: ("请求被平台拒绝", "数小时后再试；若持续出现，检查登录状态"),
    Outcome.ACCOUNT_GONE: ("账号已注销、封禁或迁移", "人工核实并更新台账"),
    Outcome.PRIVATE: ("账号为私密", "请主办单位改为公开"),
    Outcome.NOT_FOUND: ("账号或页面不存在", "先核对台账中的标识或网址"),
    Outcome.IDENTITY_MISMATCH: ("页面主体与台账不符", "核对台账；可能已更名、迁移或跳转"),
    Outcome.UNREACHABLE: ("无法访问", "稍后重试；换网络核实后再下结论"),
    Outcome.LAYOUT_CHANGED: ("页面结构已变", "更新解析规则后用已存证据重新解析"),
}

# Signs that the platform is refusing *us*: in a row they open its circuit.
BLOCKED = frozenset(
    {Outcome.CAPTCHA, Outcome.RATE_LIMITED, Outcome.LOGIN_REQUIRED, Outcome.SIGNATURE_REJECTED}
)
# Worth one more try, once, later in the same run. A captcha or a login wall is for a person.
TRANSIENT = frozenset({Outcome.UNREACHABLE, Outcome.RATE_LIMITED, Outcome.SIGNATURE_REJECTED})
OK = frozenset({Outcome.OK_COMPLETE, Outcome.OK_PARTIAL})
