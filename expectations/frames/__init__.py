"""The frames that the suites look at, one SQL file each."""

from pathlib import Path


def query(border: str, name: str) -> str:
    """The SQL of one frame of a border ("landing" or "marts")."""
    return (Path(__file__).parent / border / f"{name}.sql").read_text(encoding="utf-8")
