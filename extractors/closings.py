"""Accounts registered as closed: one look a quarter tells whether the platform agrees.

湛江: 账号已在第三方平台完成注销方可在线报备关停. The registry alone proves no closing.
"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.outcomes import OK, Outcome
from extractors.records import Subject
from extractors.registry import Registry
from settings import Settings

# What tells whether an account is there; a wall in between tells nothing, and is tried again in the next run.
_TELLS = pa.array([str(o) for o in (*OK, Outcome.ACCOUNT_GONE, Outcome.NOT_FOUND, Outcome.PRIVATE)])


def closed_to_look_at(registry: Registry, settings: Settings, run_id: str | None) -> list[Subject]:
    """The closed accounts that no other run of this quarter has seen to be gone, or to be there still.

    What ``run_id`` itself has landed does not count: a run that is continued must plan what it planned.
    """
    closed = registry.closed_accounts()
    seen: set[str] = set()
    for file in (settings.landing / "captures" / f"period={registry.plan.period}").glob("run=*/*.parquet"):
        if closed and file.parent.name != f"run={run_id}":
            looks = pq.read_table(file, columns=["subject_kind", "subject_id", "outcome"], partitioning=None)
            told = pc.and_(pc.equal(looks["subject_kind"], "closed"), pc.is_in(looks["outcome"], _TELLS))
            seen.update(looks.filter(told)["subject_id"].to_pylist())
    return [subject for subject in closed if subject.id not in seen]
