"""Errors that are for a person: said in one clear line, with what to do, and exit status 2."""


class UserError(Exception):
    """Something the person can mend. ``str(error)`` is the whole message, in Chinese."""
