"""Office files whose bytes depend on their content alone: no clock of the machine that wrote them."""

import io
import zipfile
from datetime import UTC, datetime

from lxml import etree

_CORE = "docProps/core.xml"
_TERMS = "http://purl.org/dc/terms/"


def settled_zip(content: bytes, when: datetime) -> bytes:
    """A .docx or .xlsx again, with ``when`` (aware) as its created and modified times, inside and out."""
    stamp = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            part = source.read(name)
            target.writestr(entry, _dated(part, stamp) if name == _CORE else part)
    return result.getvalue()


def _dated(core: bytes, stamp: str) -> bytes:
    root = etree.fromstring(core)
    for tag in ("created", "modified"):
        for element in root.iter(f"{{{_TERMS}}}{tag}"):
            element.text = stamp
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
