"""A suite as code: one frame, what is expected of it, and what to say and do when it is not so."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

# Before the import: this library reports its use over the network unless told not to.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

Severity = Literal["critical", "warning"]


__all__ = ["Expectation", "Severity", "Suite", "said"]


@dataclass(frozen=True, slots=True)
class Suite:
    """``ids`` are the columns that name a row to a person: at most five offenders are named by them."""

    name: str
    title: str
    frame: pd.DataFrame
    ids: Sequence[str]
    expectations: Sequence[Expectation]


def said(expectation: Expectation, severity: Severity, what: str, todo: str) -> Expectation:
    """``expectation`` with its severity, what its failure means and what to do (both Chinese).

    ``critical`` stops publishing; with ``warning`` the period is published and the manifest says so.
    """
    expectation.severity = FailureSeverity(severity)
    expectation.notes = f"{what}；{todo}"
    expectation.meta = {"what": what, "todo": todo}
    return expectation
