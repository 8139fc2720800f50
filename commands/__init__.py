"""The commands of ``xunjian``: thin, each importing what it runs only when it runs."""
