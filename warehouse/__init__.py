"""From landed Parquet to the published tables: load, build with dbt, publish. One writer at a time."""

from warehouse.build import build, rebuild
from warehouse.load import LoadSummary, load
from warehouse.publish import Manifest, publish

__all__ = ["LoadSummary", "Manifest", "build", "load", "publish", "rebuild"]
