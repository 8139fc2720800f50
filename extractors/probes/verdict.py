"""What one visit says of a site's reachability. Pure.

国办秘函〔2019〕19号 W2 counts how often a site does not open (打不开) within 15 seconds. It opens where a
page comes, whichever address that comes from in the end: that a site has moved is the registry's business.
An error in place of the page is a site that does not open. A firewall that turns *us* away proves neither.
"""

from enum import StrEnum
from urllib.parse import urlsplit

from extractors.outcomes import Outcome
from extractors.websites.classify import classify_page, is_challenge
from extractors.websites.pages import HtmlPage

# W2: 超过（含）15秒网站仍打不开.
LIMIT_SECONDS = 15.0
# Answers by which firewalls (and the sites themselves) turn a visitor away who was understood.
_REFUSING_STATUS = frozenset({401, 403, 405, 429})
_REFUSED = frozenset({Outcome.CAPTCHA, Outcome.RATE_LIMITED})
_BLOCKED = "拦截"  # how classify_page words a firewall's page, whatever its status


class ProbeOutcome(StrEnum):
    """Closed: nothing else may be landed."""

    OPENED = "opened"
    SLOW = "slow"
    UNREACHABLE = "unreachable"
    ERROR_PAGE = "error_page"
    UNPROVEN = "unproven"
    OWN_OUTAGE = "own_outage"

    @property
    def opened(self) -> bool | None:
        """Whether the site opened; ``None`` where the visit proves neither."""
        if self in (ProbeOutcome.UNPROVEN, ProbeOutcome.OWN_OUTAGE):
            return None
        return self is ProbeOutcome.OPENED


def judge_page(status: int, page: HtmlPage) -> tuple[ProbeOutcome, str]:
    """``(outcome, detail)`` of an answer that came whole and in time, from whatever address in the end."""
    outcome, detail = classify_page(status, page.url, urlsplit(page.url).hostname or "", page)
    if is_challenge(status, page.html) or status in _REFUSING_STATUS or outcome in _REFUSED:
        return ProbeOutcome.UNPROVEN, detail
    if outcome is Outcome.UNREACHABLE and _BLOCKED in detail:
        return ProbeOutcome.UNPROVEN, detail
    if outcome in (Outcome.UNREACHABLE, Outcome.NOT_FOUND):
        return ProbeOutcome.ERROR_PAGE, detail
    return ProbeOutcome.OPENED, detail
