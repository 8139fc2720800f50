"""Charts as SVG, drawn by Altair when the pages are written: nothing is loaded when they are read."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import polars as pl
from markupsafe import Markup

_FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
_KINDS = {"website": "政府网站", "account": "政务新媒体"}
_DRAW = "import sys, vl_convert; sys.stdout.write(vl_convert.vegalite_to_svg(sys.stdin.read()))"
_WIDTH = 930  # pixels, without the names at the left
# Two hues that stay apart for eyes that do not tell red from green.
_COLOURS = {"合格": "#2f6f9f", "不合格": "#b5431f", "未能判定": "#9a9a9a"}


def stacked_verdicts(rates: Iterable[Mapping[str, Any]], what: str) -> Markup:
    """Passed, failed and undetermined subjects of each group, one bar a group."""
    table = pl.DataFrame(
        [
            {"组": rate["name"], "结果": verdict, "个数": rate[field], "次序": order}
            for rate in rates
            for order, (verdict, field) in enumerate(
                (("合格", "passed"), ("不合格", "failed"), ("未能判定", "undetermined"))
            )
        ],
        schema={"组": pl.String, "结果": pl.String, "个数": pl.Int64, "次序": pl.Int64},
    )
    chart = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("个数:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("组:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
            color=alt.Color(
                "结果:N",
                title=None,
                scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
                legend=alt.Legend(orient="top"),
            ),
            order="次序:Q",
        )
        .properties(width=_WIDTH, height=alt.Step(26))
    )
    return _svg(chart, what)


def rate_trend(rates: Iterable[Mapping[str, Any]]) -> Markup:
    """The overall pass rates from period to period; a provisional one is hollow."""
    table = pl.DataFrame(
        [
            {
                "季度": rate["period"],
                "对象": _KINDS[rate["subject_kind"]],
                "合格率": rate["pass_rate"],
                "状态": "暂定" if rate["is_provisional"] else "确定",
            }
            for rate in rates
            if rate["breakdown"] == "all" and rate["pass_rate"] is not None
        ],
        schema={"季度": pl.String, "对象": pl.String, "合格率": pl.Float64, "状态": pl.String},
    )
    base = alt.Chart(table).encode(
        x=alt.X("季度:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("合格率:Q", title=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=False, nice=True)),
        color=alt.Color(
            "对象:N",
            title=None,
            scale=alt.Scale(domain=list(_KINDS.values()), range=["#b5431f", "#2f6f9f"]),
            legend=alt.Legend(orient="top"),
        ),
    )
    points = base.mark_point(size=80, filled=True).encode(
        fillOpacity=alt.condition("datum['状态'] == '暂定'", alt.value(0), alt.value(1))
    )
    return _svg((base.mark_line() + points).properties(width=_WIDTH, height=260), "历季合格率")


def _svg(chart: alt.Chart | alt.LayerChart, what: str) -> Markup:
    """``chart`` as SVG with a name that a screen reader says. Its texts come escaped out of Vega."""
    described = chart.configure(font=_FONT).configure_axis(labelFontSize=13, titleFontSize=13)
    # In a process of its own: the engine within brings threads that share no process well with DuckDB's.
    drawn = subprocess.run(
        [sys.executable, "-c", _DRAW],
        input=described.configure_legend(labelFontSize=13).to_json(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    svg = drawn.stdout
    opening, _, rest = svg.partition(">")
    return Markup(f'{opening} role="img" aria-label="{{}}">{{}}').format(what, Markup(rest))  # noqa: S704
