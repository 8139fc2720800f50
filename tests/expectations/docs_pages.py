"""What a reader of the Data Docs is shown."""

import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

# Three words in a row that are no command of ours.
_SENTENCE = re.compile(r"(?!xunjian )\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


def words_of(page: Path) -> str:
    body = LexborHTMLParser(page.read_text("utf-8")).body
    assert body is not None
    return body.text(separator="\n")


def english_in(docs: Path) -> list[str]:
    """Sentences that are left in the library's own language, wherever they stand."""
    return [found for page in docs.rglob("*.html") for found in _SENTENCE.findall(words_of(page))]
