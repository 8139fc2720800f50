"""采集与日常检查：用真实浏览器看网站和账号。只能看到“现在”，所以不回填。"""

import json
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, CronTriggerTimetable, MultipleCronTriggerTimetable, TriggerRule, chain
from airflow.sdk.definitions.mappedoperator import MappedOperator
from steps import DEFAULTS, LANDING, announce, period_param, xunjian

from settings import get_settings

PERIOD = "{{ ti.xcom_pull(task_ids='period') }}"
# The DAG run's id as part of file names: a colon is refused by some systems.
RUN = "{{ run_id | replace(':', '') | replace('~', '_') }}"


def one_environment_per_shard(printed: str) -> list[dict[str, str]]:
    return [{"SHARD": shard} for shard in json.loads(printed)]


PARAMS = {"period": period_param("如 2021Q1；留空则取检查计划 plan.yml 所写的季度")}
# Tells the next DAG which quarter it is about.
TO_ASSESS = {
    "outlets": [LANDING],
    "post_execute": announce(LANDING, lambda context: context["ti"].xcom_pull(task_ids="period")),
}


def look(options: str = "") -> MappedOperator:
    """The steps that look: which quarter, which shards (planned with ``options``), each shard."""
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
        bash_command=xunjian(f"shards --period {PERIOD} --run-id {RUN}{options}"),
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
    chain(period, plan_shards, capture_shard)
    return capture_shard


def check_failures(**options: Any) -> BashOperator:
    """The roll-up: data owners are told, and the step fails, where too little could be read."""
    return BashOperator(
        task_id="check_failures",
        task_display_name="失败汇总",
        bash_command=xunjian(f"captures-summary --period {PERIOD} --run-id {RUN}"),
        trigger_rule=TriggerRule.ALL_DONE,
        **options,
    )


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
    params=PARAMS,
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
    look() >> check_failures(**TO_ASSESS)


with DAG(
    dag_id="daily",
    dag_display_name="日常检查 daily",
    description="只看各账号近两周有没有更新，好在不合格之前预警",
    # Every day but those of the capture, which sees all of this and more; early, so that the warnings
    # reach an organiser while there is a working day left to publish in.
    schedule=CronTriggerTimetable(
        "30 7 * * 0,1,3,4,6", timezone="Asia/Shanghai", run_immediately=timedelta(0)
    ),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"pool": "browser", "queue": "browser"},
    params=PARAMS,
    tags=["采集", "不可回填"],
    doc_md="""
### 日常检查：近两周有没有更新

采集之外的每一天看一遍全部账号（不看网站），每个账号读到第一条新近发布、或读过两周为止，请求最少。

* 看到的随即交给 `assess`，算出新的预警，由 `warnings` 通知主办单位；没有看到的对象不算未更新。
* 某个平台读不到、对照账号失灵，“失败汇总”告诉数据负责人，**不拦住**其他平台的预警：存疑的平台由评定自行隔离。
* **不要清除旧的运行去重跑**：过去的页面已看不到。
""",
):
    shards = look(" --daily")
    shards >> check_failures()
    shards >> EmptyOperator(
        task_id="hand_on",
        task_display_name="交给考核",
        trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
        **TO_ASSESS,
    )
