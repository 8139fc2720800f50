"""采集：用真实浏览器看一遍全部网站和账号。只能看到“现在”，所以不回填。"""

import json
from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, MultipleCronTriggerTimetable, TriggerRule, chain
from steps import DEFAULTS, LANDING, announce, period_param, xunjian

from settings import get_settings

PERIOD = "{{ ti.xcom_pull(task_ids='period') }}"
# The DAG run's id as part of file names: a colon is refused by some systems.
RUN = "{{ run_id | replace(':', '') | replace('~', '_') }}"


def one_environment_per_shard(printed: str) -> list[dict[str, str]]:
    return [{"SHARD": shard} for shard in json.loads(printed)]


with DAG(
    dag_id="capture",
    dag_display_name="采集 capture",
    description="打开每个网站和账号，留下结果、证据和落地数据",
    # Twice a week at different hours, so that a site which is down every morning is still seen.
    # No start date and no immediate run: switching the DAG on must not send a browser out at once.
    schedule=MultipleCronTriggerTimetable(
        "20 9 * * 2", "40 15 * * 5", timezone="Asia/Shanghai", run_immediately=timedelta(0)
    ),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"pool": "browser", "queue": "browser"},
    params={"period": period_param("如 2021Q1；留空则取检查计划 plan.yml 所写的季度")},
    tags=["采集", "不可回填"],
    doc_md="""
### 采集：只看现在

确定季度 → 分片 → 各片采集 → 失败汇总。每片是一个独立进程、一个浏览器；同时进行的片数由资源池 `browser` 限定。

* **不要清除旧的运行去重跑**：过去的页面已看不到，重跑看到的是今天。要补采，请新开一次运行。
* 个别片失败不影响其余；任一平台（或网站）读到的不足一半，或有对照账号没有读作已更新时，“失败汇总”报一次错，
  并且不触发考核；要告知的事写在 `data/runs/<运行号>/alerts.json`。
* 成功后更新资产 `xunjian://landing` 并附上季度，由此触发 `assess`。
""",
):
    period = BashOperator(
        task_id="period",
        task_display_name="确定季度",
        bash_command="{% if params.period %}echo {{ params.period | upper }}{% else %}"
        + xunjian("period")
        + "{% endif %}",
    )
    plan_shards = BashOperator(
        task_id="plan_shards",
        task_display_name="分片",
        bash_command=xunjian(f"shards --period {PERIOD} --run-id {RUN}"),
        output_processor=one_environment_per_shard,
    )
    capture_shard = BashOperator.partial(
        task_id="capture",
        task_display_name="采集",
        bash_command=xunjian(f'capture --period {PERIOD} --run-id {RUN} --shard "$SHARD"'),
        map_index_template="{{ task.env['SHARD'] }}",
        # A shard that was cut short goes on where it stopped.
        retries=1,
        retry_delay=timedelta(minutes=1),
        # The command keeps its own deadline; this one is for a command that hangs.
        execution_timeout=timedelta(seconds=get_settings().shard_seconds) + timedelta(minutes=10),
    ).expand(env=plan_shards.output)
    check_failures = BashOperator(
        task_id="check_failures",
        task_display_name="失败汇总",
        bash_command=xunjian(f"captures-summary --period {PERIOD} --run-id {RUN}"),
        trigger_rule=TriggerRule.ALL_DONE,
        outlets=[LANDING],
        post_execute=announce(LANDING, lambda context: context["ti"].xcom_pull(task_ids="period")),
    )
    chain(period, plan_shards, capture_shard, check_failures)
