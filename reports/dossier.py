"""A dossier: one zip that settles a dispute over one subject, and can be verified with standard tools.

It holds the verdict with its clauses, every look, the very bytes that were seen, and the manifest lines by
which they were sealed.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from errors import UserError
from extractors import evidence
from extractors.custody.manifest import encode, links, manifests, read_lines
from extractors.files import write_whole
from extractors.periods import parse_period
from reports import wording
from reports.published import Summary, open_published, summarise
from reports.safe_text import csv_bytes
from settings import Settings

_CLOCK = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes
_TABLES = {
    "checks": "检查.csv",
    "captures": "查看记录.csv",
    "publications": "所见发布.csv",
}
_MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"%PDF": "pdf"}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(slots=True)
class Dossier:
    """What was put together. ``lost``: bytes that should be there and are not, said in the dossier too."""

    path: Path
    evidence: int = 0
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        words = f"卷宗 {self.path}（证据 {self.evidence} 份）"
        return words + "".join(f"\n证据缺失或损坏：{reason}" for reason in self.lost)


def write_dossier(settings: Settings, period: str, subject: str, path: Path | None = None) -> Dossier:
    """Write the dossier of ``subject`` (an account's ``platform:uid`` or a site's code) for ``period``.

    Raises :class:`UserError` where nothing is published or the subject is not in the period.
    """
    quarter = parse_period(period)
    with open_published(settings) as published:
        summary = summarise(published, quarter)

        def rows(query: str) -> list[dict[str, Any]]:
            return published.rows(f"dossier_{query}", period=str(quarter), subject=subject)

        whom = published.rows("dossier_subject", period=str(quarter), subject=subject)
        if not whom:
            raise UserError(f"{quarter} 已发布的数据中没有“{subject}”；账号写作 平台:账号标识，网站写标识码")
        tables = {name: rows(name) for name in _TABLES}
        listed = rows("evidence")
        manifest = dict(published.manifest)
    target = path or settings.reports / str(quarter) / "dossiers" / f"{_file_name(subject)}.zip"
    dossier = Dossier(target)
    files: dict[str, bytes] = {}
    for row in listed:
        try:
            body = evidence.read(settings.evidence, row["sha256"])
        except (OSError, evidence.EvidenceDamaged) as error:
            dossier.lost.append(str(error))
            row["file"] = ""
            continue
        row["file"] = f"evidence/{row['sha256']}.{_extension(body)}"
        files[row["file"]] = body
    dossier.evidence = len(files)
    files |= {
        "SHA256SUMS": "".join(
            f"{Path(name).name.partition('.')[0]}  {name}\n" for name in sorted(files)
        ).encode(),
        "证据清单摘录.jsonl": b"".join(
            encode(line) for line in _sealed(settings, {r["sha256"] for r in listed})
        ),
        "发布清单.json": json.dumps(manifest, ensure_ascii=False, indent=1).encode(),
        "判定书.html": _statement(summary, whom[0], tables, listed, dossier).encode(),
        "核验说明.txt": _HOW_TO_VERIFY.encode(),
    }
    for name, file in _TABLES.items():
        files[file] = _csv(tables[name])
    write_whole(target, _zip(files))
    return dossier


def _statement(
    summary: Summary,
    subject: Mapping[str, Any],
    tables: Mapping[str, list[dict[str, Any]]],
    listed: list[dict[str, Any]],
    dossier: Dossier,
) -> str:
    return _TEMPLATES.get_template("dossier.html.j2").render(
        summary=summary,
        subject=subject,
        tables=tables,
        evidence=listed,
        lost=dossier.lost,
        verdicts={"pass": "合格", "fail": "不合格", "undetermined": "未能判定"},
        statuses={"pass": "通过", "fail": "不通过", "undetermined": "未能判定", "not_applicable": "不适用"},
        sampled=wording.sampled(summary),
    )


def _sealed(settings: Settings, hashes: set[str]) -> Iterator[dict[str, Any]]:
    """The heads and lines of the manifests that sealed these bytes, with the manifests' own hashes."""
    folder = manifests(settings)
    for link in links(folder):
        path = folder / link.name
        if not path.exists():
            continue
        head: dict[str, Any] | None = None
        for number, line in read_lines(path):
            if number == 1:
                head = line
            elif line is not None and line.get("sha256") in hashes:
                if head is not None:
                    yield head | {"manifest": link.name, "manifest_sha256": link.sha256}
                    head = None
                yield line


def _csv(rows: list[dict[str, Any]]) -> bytes:
    header = list(rows[0]) if rows else ["无"]
    return csv_bytes(header, [["" if row[name] is None else row[name] for name in header] for row in rows])


def _extension(body: bytes) -> str:
    """``.txt`` for all that is no picture: evidence is hostile, and a page must not run when opened."""
    return next((kind for magic, kind in _MAGIC.items() if body.startswith(magic)), "txt")


def _file_name(subject: str) -> str:
    return "".join(character if character.isalnum() or character in "-_" else "_" for character in subject)


def _zip(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return content.getvalue()


_HOW_TO_VERIFY = """\
怎样核验本卷宗（不需要本系统）

1. 证据没有被改动
   在解压后的文件夹中运行（Linux、macOS）：
       sha256sum -c SHA256SUMS
   Windows（PowerShell），与文件名比较：
       Get-FileHash -Algorithm SHA256 evidence\\<文件名>
   每份证据的文件名就是其内容的 SHA-256，与“判定书.html”“检查.csv”所引的哈希一致。
   网页与接口内容一律存为 .txt，双击打开的是原文，不会运行其中的脚本。

2. 证据是采集时留下的
   “证据清单摘录.jsonl”抄自采集结束时封存的清单：每份清单的第一行（previous）记着上一份清单的哈希，
   首尾相接；manifest_sha256 是该清单自身的哈希。向检查单位索取该清单全文，
       sha256sum <清单文件>
   应等于 manifest_sha256；其中逐条列有每份证据的 sha256。

3. 判定是由证据算出的
   “判定书.html”逐项写明条款、实测、不合格条件和证据哈希；“所见发布.csv”列出看到的每一次发布及其出处。
   “发布清单.json”记有发布数据文件的 SHA-256，可据以索取同一份数据复算。
"""
