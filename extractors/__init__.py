"""From a registry row to landed rows: a real browser looks, evidence is kept, pure parsers read it."""

# Written into every captured row; raise it when any parser or classifier reads differently.
EXTRACTOR_VERSION = "2026.11.1"
