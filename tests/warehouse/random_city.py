"""Random subjects with random histories, drawn towards the edges where clauses turn; and how they land."""

from datetime import date, datetime, timedelta
from random import Random

from clauses_model import Column, Look, Plan, Subject, Visit
from landed import Timeline

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
# Where windows open: a week, ten days, two weeks, a month, half a year before T.
EDGES = (7, 10, 14, 28, 31, 181, 182)
CLASSES = ("news", "notice", "policy", "interaction", "other")
NOT_READ = ("captcha", "login_required", "unreachable", "rate_limited", "layout_changed")


def random_subjects(rng: Random, plan: Plan, accounts: int, websites: int) -> list[Subject]:
    return [_account(rng, plan, f"weibo:{10000 + number}") for number in range(accounts)] + [
        _website(rng, plan, f"44{number:08}") for number in range(websites)
    ]


def land(timeline: Timeline, subjects: list[Subject]) -> None:
    """Land registry and looks as the extractors would."""
    for subject in subjects:
        common = {
            "status": subject.status,
            "exempt_indicators": list(subject.exempt),
            "is_sampled": subject.is_sampled,
        }
        if subject.kind == "account":
            dates = {"opened_on": subject.opened_on, "closed_on": subject.closed_on}
            timeline.account(subject.id.partition(":")[2], **common, **dates)
            for attempt, look in enumerate(subject.looks, start=1):
                _land_look(timeline, subject, look, attempt)
        else:
            timeline.website(subject.id, str(subject.site_class), **common)
            for column in subject.columns:
                timeline.columns(
                    subject.id, [column.name], column.column_class,
                    column_level=column.level, update_within_days=column.update_within_days,
                )  # fmt: skip
            for attempt, visit in enumerate(subject.visits, start=1):
                pages = {name: d if isinstance(d, str) else list(d) for name, d in visit.pages.items()}
                timeline.look_at_site(
                    subject.id, pages, visit.at, attempt, visit.reached_end, visit.is_navigation
                )
            if subject.score is not None:
                timeline.score(subject.id, subject.score)
        for number, code in enumerate(subject.findings):
            timeline.finding(subject.id, code, f"合成问题{number}")
    timeline.land_registry()
    timeline.land()


def _land_look(timeline: Timeline, subject: Subject, look: Look, attempt: int) -> None:
    identity = {} if look.is_own else {"identity_seen": "another"}
    capture = timeline.look_at_account(
        subject.id, [at for at, _, _ in look.posts], look.outcome, look.at, attempt, **identity
    )
    timeline.rows["captures"][-1] |= {"reached_end": look.reached_end, "oldest_seen": look.oldest}
    marks = {at: (pinned, gone) for at, pinned, gone in look.posts}
    for post in timeline.rows["posts"]:
        if post["capture_id"] == capture:
            post["is_pinned"], post["is_deleted"] = marks[post["published_at"]]


def _near(rng: Random, point: datetime) -> datetime:
    """An instant about where something turns: T, a window's start, or anywhere in the last weeks."""
    edge = point - rng.choice((0, *EDGES)) * timedelta(days=1)
    anywhere = point - timedelta(seconds=rng.randint(-3 * 86400, 40 * 86400))
    return rng.choice((edge, edge - SECOND, edge + SECOND, anywhere, anywhere))


def _look_times(rng: Random, plan: Plan, at_most: int) -> list[datetime]:
    """Different instants, before and after the monitoring points, some of them exactly on one."""
    offsets = (-SECOND, 0 * SECOND, HOUR, 30 * HOUR, rng.randint(-60, 90) * HOUR)
    times = {rng.choice(plan.points) + rng.choice(offsets) for _ in range(rng.randint(0, at_most))}
    return sorted(times)


def _account(rng: Random, plan: Plan, subject_id: str) -> Subject:
    subject = _subject(rng, "account", subject_id, ("M1", "M2", "M2.1", "M3", "M3.1"), ("M2", "M3.1"))
    day = rng.choice(plan.points).date() + timedelta(days=rng.randint(-1, 1))
    if rng.random() < 0.15:
        subject.opened_on = day
    if rng.random() < 0.15:
        subject.status, subject.closed_on = "closing", day
    history = {_near(rng, rng.choice(plan.points)) for _ in range(rng.choice((0, 1, 2, 5)))}
    for at in _look_times(rng, plan, 4):
        shown = sorted(t for t in history if t <= at and rng.random() < 0.85)
        outcome = rng.choice(("ok_complete",) * 4 + ("ok_partial", rng.choice(NOT_READ)))
        posts = tuple((t, rng.random() < 0.1, rng.random() < 0.1) for t in shown)
        read = outcome.startswith("ok")
        subject.looks.append(
            Look(
                at, outcome, read and rng.random() < 0.93, posts if read else (), rng.random() < 0.6,
                rng.choice((min(shown, default=None), _near(rng, plan.points[0]), None)),
            )
        )  # fmt: skip
    return subject


def _website(rng: Random, plan: Plan, subject_id: str) -> Subject:
    subject = _subject(rng, "website", subject_id, ("W1", "W1.5", "W3", "W4", "W4.2"), ("W4", "W3"))
    subject.site_class = rng.choice(("portal", "portal", "standalone", "channel"))
    subject.score = rng.choice((None, 0.0, 59.9, 60.0, 60.1, 100.0))
    # A few classes and habits a site, so that its columns together come near the numbers that W4 counts.
    classes = rng.sample(CLASSES, rng.randint(1, 3))
    habit = rng.choice(("fresh", "fresh", "old", "blank", "mixed"))
    for number in range(rng.choice((0, 4, 5, 6, 9, 10, 11))):
        within = rng.choice((None, 7, 30))
        subject.columns.append(Column(f"栏目{number}", rng.choice(classes), rng.choice((1, 1, 2)), within))
    habits = {column.name: _habit(rng, habit) for column in subject.columns} | {"": _habit(rng, habit)}
    for at in _look_times(rng, plan, 2):
        gate = rng.random() < 0.1
        pages = {
            name: "unreachable" if gate or rng.random() < 0.04 else _listed(rng, plan, how, at.date())
            for name, how in habits.items()
            if rng.random() < 0.97
        }
        subject.visits.append(Visit(at, pages, rng.random() < 0.7, rng.random() < 0.25))
    return subject


def _habit(rng: Random, habit: str) -> str:
    return rng.choice(("fresh", "old", "blank")) if habit == "mixed" or rng.random() < 0.1 else habit


def _listed(rng: Random, plan: Plan, habit: str, today: date) -> tuple[date | None, ...]:
    """Newest first, but for what is pinned above; now and then a row without a date."""
    if habit == "blank":
        return ()
    ages = [0, 1, 3, 6] if habit == "fresh" else []
    ages = rng.sample(ages, min(len(ages), 2)) + rng.sample(
        (7, 8, 10, 13, 14, 15, 28, 31, 32, 181, 183, 400), 3
    )
    point = rng.choice(plan.points).date()
    days: list[date | None] = sorted({min(point - timedelta(days=age), today) for age in ages}, reverse=True)
    if rng.random() < 0.2:
        days.insert(0, days[-1])  # pinned
    if rng.random() < 0.15:
        days.insert(rng.randint(0, len(days)), None)
    return tuple(days) if rng.random() < 0.95 else (None,)


def _subject(
    rng: Random, kind: str, subject_id: str, findings: tuple[str, ...], exempt: tuple[str, ...]
) -> Subject:
    return Subject(
        kind,
        subject_id,
        status="closed" if rng.random() < 0.03 else "active",
        exempt=(rng.choice(exempt),) if rng.random() < 0.08 else (),
        is_sampled=rng.random() < 0.9,
        findings=[rng.choice(findings)] if rng.random() < 0.08 else [],
    )
