"""Landed Parquet of an invented country: any number of subjects, posts and quarters, made by DuckDB itself.

Everything follows from a subject's number and the quarter, so two runs give the same files. Accounts post at
their own pace and a few stop; a few looks are blocked, partial or do not reach back; sites have a home page
and six columns, some of which go stale or stay blank.
"""

# ruff: noqa: S608 (all that is put into a query is a number, a date or a word of ours)

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from extractors.landing import ALL_SCHEMAS, landed_file
from extractors.periods import SHANGHAI

COLUMNS = 6
ITEMS = 8
# One site to so many subjects: about as many as the country has.
ACCOUNTS_PER_SITE = 8
SHARD = 2_000
# A day looks at so much of a quarter's subjects again: each of them once in sixty days.
DAY_SHARE = 60


@dataclass(frozen=True, slots=True)
class Size:
    """How big the country is. ``posts`` is what all looks together show, in rows."""

    subjects: int
    posts: int
    periods: int

    @property
    def websites(self) -> int:
        return self.subjects // (ACCOUNTS_PER_SITE + 1)

    @property
    def accounts(self) -> int:
        return self.subjects - self.websites

    @property
    def posts_a_look(self) -> int:
        return max(1, round(self.posts / (self.accounts * self.periods)))


def quarters(count: int) -> list[tuple[str, datetime]]:
    """``count`` quarters from 2024Q1 on, each with its one monitoring point: its last second."""
    found = []
    for index in range(count):
        year, quarter = 2024 + index // 4, index % 4 + 1
        following = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        last = datetime.combine(following, datetime.min.time(), SHANGHAI) - timedelta(seconds=1)
        found.append((f"{year}Q{quarter}", last))
    return found


def generate(landing: Path, size: Size) -> list[str]:
    """Land every quarter of the country; returns the quarters."""
    periods = quarters(size.periods)
    with duckdb.connect() as connection:
        _prepare(connection, size)
        for period, point in periods:
            _land_registry(connection, landing, period, point)
            _land_looks(connection, landing, period, point + timedelta(hours=9), "full", 1)
    return [period for period, _ in periods]


def generate_day(landing: Path, size: Size, day: int = 1, share: int = DAY_SHARE) -> str:
    """Land one more day's looks of the last quarter, at one in ``share`` subjects; returns the quarter."""
    period, point = quarters(size.periods)[-1]
    with duckdb.connect() as connection:
        _prepare(connection, size)
        at = point + timedelta(days=day, hours=9)
        # A number of fixed width: ids are hashed from the run's name with another number behind it.
        _land_looks(connection, landing, period, at, f"full_day{day:03}", share)
    return period


def _prepare(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    connection.execute("set TimeZone = 'UTC'")
    # Any whole number below the third argument, always the same for the same first two.
    connection.execute("create macro dice(n, what, below) as (hash(n, what) % below)::integer")
    for table, schema in ALL_SCHEMAS.items():
        connection.register(f"shape_{table}", schema.empty_table())
    connection.execute(
        """
        create table accounts as
        select
            n, 'weibo:' || (1000000000 + n) as subject_id, (1000000000 + n)::varchar as uid, n // ? as shard,
            [5, 23, 24, 47, 71, 167][1 + dice(n, 'pace', 6)] as pace_hours, dice(n, 'idle', 100) < 4 as stops
        from range(?) as numbers(n)
        """,
        [SHARD, size.accounts],
    )
    connection.execute(
        """
        create table sites as
        select
            n, (4400000000 + n)::varchar as site_code, n // ? as shard,
            ['portal', 'standalone', 'channel'][1 + n % 3] as site_class,
            dice(n, 'stale', 100) < 3 as stale, dice(n, 'blank', 100) < 2 as blank
        from range(?) as numbers(n)
        """,
        [SHARD, size.websites],
    )
    connection.execute("create macro posts_a_look() as " + str(size.posts_a_look))


def _land_registry(
    connection: duckdb.DuckDBPyConnection, landing: Path, period: str, point: datetime
) -> None:
    stamp = f"'{period}' as period, timestamptz '{point.isoformat()}' as snapshot_at, 'bench' as snapshot_id"
    organ = "'合成单位' || (n % 3000) as organiser, '合成地区' || (n % 300) as district"
    queries = {
        "registry_accounts": f"""select {stamp}, n::integer + 1 as position, subject_id, 'weibo' as platform,
            uid as platform_uid, '合成账号' || n as account_name, {organ}, 'active' as status
            from accounts order by n""",
        "registry_websites": f"""select {stamp}, n::integer + 1 as position, site_code,
            '合成网站' || n as site_name, site_class, {organ},
            'active' as status, 'http://' || site_code || '.gov.cn/' as home_url
            from sites order by n""",
        "registry_columns": f"""select {stamp}, (n * {COLUMNS} + c)::integer as position, site_code,
            '栏目' || c as column_name, 'news' as column_class,
            'http://' || site_code || '.gov.cn/' || c || '/' as url, 30 as update_within_days,
            1 as column_level from sites, range({COLUMNS}) as columns(c) order by n, c""",
        "registry_manual_findings": f"""select {stamp}, n::integer as position, 'account' as subject_kind,
            subject_id, 'M3.1' as indicator, '缺有效互动渠道菜单功能' as problem,
            date '{point.date()}' as observed_on, '合成复核人' as reviewer
            from accounts where dice(n, '{period}', 500) = 0 order by n""",
        "registry_manual_scores": f"""select {stamp}, site_code, 50 + dice(n, '{period}', 50) as score,
            date '{point.date()}' as scored_on, '合成评分人' as reviewer
            from sites where site_class = 'portal' and dice(n, 'score', 50) > 0 order by n""",
        "registry_circulars": None,
        "registry_plan": f"""select {stamp}, date '{(point - timedelta(days=89)).date()}' as sampling_from,
            date '{point.date()}' as sampling_to,
            timestamptz '{(point - timedelta(days=200)).isoformat()}' as since,
            [timestamptz '{point.isoformat()}'] as monitoring_points,
            ['W1', 'W3', 'W4', 'SCORE', 'M1', 'M2', 'M3'] as indicators, 'national-2019' as rule_set,
            0.9 as coverage_floor, 0 as website_decimals, 1 as account_decimals""",
    }
    for table, query in queries.items():
        path = landed_file(landing, table, period, f"{point:%Y%m%dT%H%M%S}Z-bench", "all")
        _write(connection, table, query, path)


def _land_looks(
    connection: duckdb.DuckDBPyConnection, landing: Path, period: str, at: datetime, run: str, share: int
) -> None:
    """One run over one in ``share`` of the subjects; ``captures`` last, as the extractors do."""
    run_id = f"{period}-{run}"
    look = (
        f"md5('{run_id}' || n || kind) as capture_id, '{run_id}' as run_id, '{period}' as period, "
        "'2026.11.1' as extractor_version"
    )
    moment = f"(timestamptz '{at.isoformat()}' + to_seconds(dice(n, 'at', 20000)))"
    outcome = (
        f"case when dice(n, '{period}' || kind, 100) < 3 then 'captcha' "
        f"when dice(n, '{period}' || kind, 100) < 5 then 'ok_partial' else 'ok_complete' end"
    )
    (shards,) = connection.execute("select max(shard) + 1 from accounts").fetchone() or (0,)
    (site_shards,) = connection.execute("select coalesce(max(shard) + 1, 0) from sites").fetchone() or (0,)
    for shard in range(shards if share == 1 else 1):
        mine = f"shard = {shard}" if share == 1 else f"n % {share} = 0"
        connection.execute(f"""
            create or replace temp table looks as
            select *, {look}, {moment} as looked, {outcome} as outcome, md5('e' || capture_id)
                || md5(capture_id) as sha256,
                -- Whoever stops did so before the window opened; numbers of posts count from 2020.
                (epoch({moment}) - epoch(timestamptz '2020-01-01') - if(stops, 20 * 86400, 0))::bigint
                // (pace_hours * 3600) as last_post
            from (from accounts select *, 'account' as kind) where {mine} order by n""")
        posts = """
            select looks.* exclude (n, shard, kind), 'weibo' as platform,
                (last_post - back)::varchar || '-' || n as post_id,
                timestamptz '2020-01-01' + to_seconds((last_post - back) * pace_hours * 3600) as published_at,
                'epoch' as published_raw, 'epoch' as published_rule, false as is_pinned, false as is_repost,
                false as is_deleted, 'microblog' as kind,
                '合成内容 ' || md5((last_post - back) || '-' || n) as title,
                'https://weibo.com/' || uid || '/' || (last_post - back) as url, sha256 as evidence_sha256,
                looked as seen_at
            from looks, range(posts_a_look()) as listed(back)
            where outcome <> 'captcha' order by n, back"""
        captures = f"""
            select looks.* exclude (shard), 's{shard:04}' as shard, kind as subject_kind, 'weibo' as platform,
                'web' as channel, 'https://weibo.com/u/' || uid as url,
                looked as captured_at, looked as server_date,
                1 as attempt, case when outcome <> 'captcha' then uid end as identity_seen,
                case when outcome <> 'captcha' then posts_a_look() else 0 end::integer as items_seen,
                case when outcome <> 'captcha' then timestamptz '2020-01-01'
                    + to_seconds((last_post - posts_a_look() + 1) * pace_hours * 3600) end as oldest_seen,
                case when outcome <> 'captcha' then timestamptz '2020-01-01'
                    + to_seconds(last_post * pace_hours * 3600) end as newest_seen,
                false as reached_end, 9000 as duration_ms, sha256 as evidence_sha256
            from looks order by n"""
        for table, query in {"posts": posts, "captures": captures}.items():
            _write(connection, table, query, landed_file(landing, table, period, run_id, f"s{shard:04}"))
    for shard in range(site_shards if share == 1 else 1):
        mine = f"shard = {shard}" if share == 1 else f"n % {share} = 0"
        connection.execute(f"""
            create or replace temp table looks as
            select *, {look}, {moment} as looked, {outcome} as outcome, md5('e' || capture_id)
                || md5(capture_id) as sha256
            from (from sites select *, 'website' as kind) where {mine} order by n""")
        # Page 0 is the home page. Newest first; a stale site's newest row is forty days old.
        connection.execute(f"""
            create or replace temp table pages as
            select looks.*, page, if(page = 0, 'home', 'column') as page_kind,
                if(page = 0, '', '栏目' || (page - 1)) as column_name,
                'http://' || site_code || '.gov.cn/' || page || '/' as url,
                if(outcome = 'captcha' or (blank and page > 0), 0, {ITEMS}) as items,
                (looked at time zone 'Asia/Shanghai')::date - if(stale, 40, dice(n, page::varchar, 9))
                    as newest
            from looks, range({COLUMNS} + 1) as numbers(page)""")
        items = f"""
            select pages.* exclude (n, shard, page), position::integer as position,
                url || (newest - (position * 5)::integer)::varchar || '.html' as item_url,
                '合成信息' as title,
                newest - (position * 5)::integer as claimed_date, 'list_day' as claimed_rule,
                (newest - (position * 5)::integer)::varchar as claimed_raw,
                sha256 as evidence_sha256, looked as seen_at
            from pages, range({ITEMS}) as listed(position) where position < items
            order by n, page, position"""
        items = f"select * exclude (url, item_url), item_url as url from ({items})"
        visits = f"""
            select pages.*, url as final_url, looked as visited_at, items as items_seen, 1 as pages,
                if(items > 0, newest - {5 * (ITEMS - 1)}, null) as oldest_date,
                if(items > 0, newest, null) as newest_date, false as reached_end, false as is_navigation,
                sha256 as evidence_sha256
            from pages order by n, page"""
        captures = f"""
            select looks.* exclude (shard), 'w{shard:04}' as shard, kind as subject_kind,
                site_code as subject_id, 'web' as channel, 'http://' || site_code || '.gov.cn/' as url,
                looked as captured_at, looked as server_date,
                1 as attempt, 60000 as duration_ms, sha256 as evidence_sha256
            from looks order by n"""
        for table, query in {"site_items": items, "page_visits": visits, "captures": captures}.items():
            _write(connection, table, query, landed_file(landing, table, period, run_id, f"w{shard:04}"))


def _write(connection: duckdb.DuckDBPyConnection, table: str, query: str | None, path: Path) -> None:
    """The query's rows under the landing table's own schema: more columns are dropped, missing ones null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ", ".join(f'"{name}"' for name in ALL_SCHEMAS[table].names)
    rows = f" union all by name ({query})" if query else ""
    connection.execute(f"copy (select {names} from (from shape_{table}{rows})) to '{path}' (format parquet)")
