"""五个问题，看一个季度：``uv run marimo run notebooks/quarter.py``（只读已发布的 DuckDB）。"""

import marimo

app = marimo.App(width="medium", app_title="巡检：一个季度")


@app.cell
def opened():
    import altair as alt
    import duckdb
    import marimo as mo

    from settings import get_settings

    published = duckdb.connect(str(get_settings().published_file), read_only=True)
    published.execute("set TimeZone = 'Asia/Shanghai'")

    def ask(query, *values):
        return published.execute(query, values).pl()

    return alt, ask, mo


@app.cell
def chosen(ask, mo):
    periods = ask("select period from marts.dim_periods order by period desc")["period"].to_list()
    period = mo.ui.dropdown(options=periods, value=periods[0], label="季度")
    mo.vstack([mo.md("# 一个季度的五个问题"), period])
    return (period,)


@app.cell
def who_passes(alt, ask, mo, period):
    rates = ask(
        """
        select
            case breakdown
                when 'platform' then '账号 ' || breakdown_value else '网站 ' || breakdown_value
            end as who,
            unnest([
                {'verdict': '合格', 'subjects': passed}, {'verdict': '不合格', 'subjects': failed},
                {'verdict': '未能判定', 'subjects': undetermined}
            ], recursive := true)
        from marts.fct_quarterly_pass_rates
        where period = ? and breakdown in ('platform', 'site_class')
        """,
        period.value,
    )
    verdict_scale = alt.Scale(domain=["合格", "不合格", "未能判定"], range=["#4c9f70", "#c8553d", "#b8b8b8"])
    rates_chart = (
        alt.Chart(rates)
        .mark_bar()
        .encode(
            x=alt.X("subjects:Q", title="对象数"),
            y=alt.Y("who:N", title=None, sort="-x"),
            color=alt.Color("verdict:N", title=None, scale=verdict_scale),
            tooltip=["who", "verdict", "subjects"],
        )
    )
    mo.vstack([mo.md("## 一、谁合格，谁不合格，谁还没有查清？"), rates_chart])
    return


@app.cell
def why_open(alt, ask, mo, period):
    outcomes = ask(
        """
        select coalesce(platform, '网站') as platform, outcome_name as outcome, count(*) as looks
        from marts.fct_captures where period = ? group by all
        """,
        period.value,
    )
    outcomes_chart = (
        alt.Chart(outcomes)
        .mark_rect()
        .encode(
            x=alt.X("platform:N", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("outcome:N", title=None),
            color=alt.Color("looks:Q", title="次数", scale=alt.Scale(scheme="blues")),
            tooltip=["platform", "outcome", "looks"],
        )
        .properties(width=360)
    )
    mo.vstack([mo.md("## 二、看的时候遇到了什么？"), outcomes_chart])
    return


@app.cell
def how_close(alt, ask, mo, period):
    gaps = ask(
        """
        with points as (
            select period, unnest(monitoring_points) as point from marts.dim_periods where period = ?
        )
        select
            least(floor(date_diff('minute', max(posts.published_at), points.point) / 1440.0), 30)::integer
                as days,
            subjects.subject_id
        from marts.dim_subjects as subjects
        inner join points using (period)
        inner join marts.fct_posts as posts using (subject_id)
        where posts.published_at <= points.point and not posts.is_deleted
        group by subjects.subject_id, points.point
        """,
        period.value,
    )
    gaps_chart = (
        alt.Chart(gaps)
        .mark_bar(color="#4a7ba6")
        .encode(
            x=alt.X("days:O", title="监测时间点时距最近一次发布的天数（30 天以上并为 30）"),
            y=alt.Y("count():Q", title="账号数"),
        )
        .properties(width=480)
    )
    mo.vstack([mo.md("## 三、离“两周无更新”还有多远？"), gaps_chart])
    return


@app.cell
def which_clauses(alt, ask, mo, period):
    findings = ask(
        """
        select
            indicator_code || ' ' || indicator_name as indicator,
            case subject_kind when 'website' then '网站' else '账号' end as kind,
            count(distinct subject_id) as subjects
        from marts.fct_findings where period = ? group by all
        """,
        period.value,
    )
    findings_chart = (
        alt.Chart(findings)
        .mark_bar()
        .encode(
            x=alt.X("subjects:Q", title="对象数", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("indicator:N", title=None, sort="-x", axis=alt.Axis(labelLimit=260)),
            color=alt.Color("kind:N", title=None),
        )
    )
    mo.vstack([mo.md("## 四、栽在哪一条上？"), findings_chart])
    return


@app.cell
def mended(alt, ask, mo):
    states = ask(
        """
        select
            period,
            case state
                when 'open' then '待整改' when 'overdue' then '逾期' when 'rectified' then '已整改'
                when 'repeated' then '再次不合格' else '不予认定'
            end as state,
            count(*) as findings
        from marts.fct_rectification group by all order by period
        """
    )
    states_chart = (
        alt.Chart(states)
        .mark_bar()
        .encode(
            x=alt.X("period:O", title="季度", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("findings:Q", title="问题数", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("state:N", title=None),
        )
        .properties(width=240)
    )
    mo.vstack([mo.md("## 五、历季的问题整改得怎样？"), states_chart])
    return


if __name__ == "__main__":
    app.run()
