"""The chain of manifests: whether it is the one that was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extractors.custody.index import Index
from extractors.custody.manifest import LOCK, PATTERN, SUMS, Line, file_sha256, links, read_head, read_lines


@dataclass(slots=True)
class Chain:
    """What was read. ``doubtful``: manifests that are no longer what they were, by name."""

    head: str = ""  # SHA-256 of the newest manifest
    manifests: int = 0
    damages: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    groups: dict[tuple[str, str, str], str] = field(default_factory=dict)  # (period, run, shard) → manifest


def read_chain(folder: Path, index: Index) -> Chain:
    """Hash every manifest, follow every link, and put what is listed into ``index``."""
    chain, listed, previous = Chain(), links(folder), None
    there = {path.name for path in folder.glob(PATTERN)}
    for place, link in enumerate(listed, start=1):
        path = folder / link.name
        if link.name not in there:
            chain.damages.append(f"清单缺失：{link.name}（它所列的都无从核对）")
            previous = link.sha256
            continue
        _read_manifest(path, index, chain, link.sha256)
        head = read_head(path)
        if head.get("previous") != previous or head.get("sequence") != place:
            chain.damages.append(f"链断开：{link.name} 没有接在它前面那份清单之后")
        previous = link.sha256
    for name in sorted(there - {link.name for link in listed}):
        chain.damages.append(
            f"{SUMS} 中没有 {name} 的登记（登记被删，或封存被中断：后者再运行一次 evidence seal 即可）"
        )
        _read_manifest(folder / name, index, chain, None)
    known = {*there, *(link.name for link in listed), SUMS, LOCK}
    for path in sorted(folder.glob("*")) if folder.exists() else []:
        if path.name not in known and not path.name.startswith("."):
            chain.damages.append(f"清单目录中多出文件：{path.name}")
    chain.head = previous or ""
    return chain


def _read_manifest(path: Path, index: Index, chain: Chain, expected: str | None) -> None:
    chain.manifests += 1
    head = read_head(path)
    for shard in head.get("shards", []):
        chain.groups[head.get("period", ""), head.get("run_id", ""), shard] = path.name
    problems: list[str] = []
    counted = 0

    def files() -> Iterator[Line]:
        nonlocal counted
        for number, line in read_lines(path):
            counted = number
            if line is None:
                problems.append(f"第 {number} 行读不懂")
            elif isinstance(line.get("path"), str):
                yield line

    index.add(path.name, files())
    if head.get("lines") not in (None, counted):
        problems.append(f"应有 {head['lines']} 行，现有 {counted} 行")
    if expected is not None and file_sha256(path) != expected:
        chain.doubtful.add(path.name)
        chain.damages.append("；".join([f"清单被改动：{path.name} 的内容与登记的哈希不符", *problems]))
    elif problems:
        chain.doubtful.add(path.name)
        chain.damages.append(f"清单被改动：{path.name}（{'；'.join(problems)}）")
