"""A run landed by the real code, without a browser: every look is spooled before the shard runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors import evidence
from extractors.capture import run_shard
from extractors.outcomes import Outcome
from extractors.records import Post, Seen, Subject, Visit
from extractors.registry import Registry
from extractors.rows import Occasion, rows_of
from extractors.shards import freeze_shards
from extractors.spool import Spool
from settings import Settings

AT = datetime(2021, 4, 1, 1, tzinfo=UTC)


def visit_of(subject: Subject, at: datetime = AT) -> Visit:
    """A look that saw a list and took a picture. Every subject's bytes are its own, every run's too."""
    listed = Seen("list", "https://example.com/", 200, "application/json", f"{subject.id} {at}".encode(), at)
    picture = Seen("screenshot", "https://example.com/", None, "image/png", f"PNG {subject.id}".encode())
    visit = Visit(Outcome.OK_COMPLETE, "", "u", "u", 200, "web", subject.uid, at)
    visit.evidence_sha256 = listed.sha256
    visit.posts = [Post("p", at, "raw", "epoch_s", "标题", "u", "video", evidence_sha256=listed.sha256)]
    visit.seen = [listed, picture]
    return visit


def spool_run(registry: Registry, settings: Settings, run_id: str, at: datetime = AT) -> list[str]:
    """Spool a look at every subject of the registry; returns the names of the shards."""
    shards = freeze_shards(registry, settings, run_id)
    for shard in shards:
        spool = Spool(settings, run_id, shard)
        for subject in shard.subjects:
            visit = visit_of(subject, at)
            stored = [(seen, evidence.store(spool.evidence, seen)) for seen in visit.seen]
            occasion = Occasion(run_id, registry.plan.period, shard.name, 1, at, 1000)
            spool.add(subject.id, 1, rows_of(subject, visit, occasion, stored))
    return [shard.name for shard in shards]


def land_run(registry: Registry, settings: Settings, run_id: str, days: int = 0) -> list[str]:
    names = spool_run(registry, settings, run_id, AT + timedelta(days=days))
    for name in names:
        assert run_shard(registry, settings, run_id, name) == 0
    return names


def flip(path: Path, place: int) -> None:
    """Change one bit of one byte."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))
