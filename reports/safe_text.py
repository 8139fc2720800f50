"""Text from registries and pages, made harmless for the place it is written to.

HTML needs nothing here: its templates escape whatever is put into them.
"""

import csv
import html
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~])")


def csv_cell(value: object) -> str:
    """A cell that a spreadsheet shows and does not run."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as UTF-8 CSV with the byte order mark by which Excel knows it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def markdown_text(value: object) -> str:
    """Text on one line, with nothing in it that Markdown or the HTML within it would act on."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(str(value).split()), quote=False))
