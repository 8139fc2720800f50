"""探测：每天把全部网站打开二十几次，看能不能打开（W2 站点无法访问）。只能看到“现在”，所以不回填。"""

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, DeltaTriggerTimetable, chain
from steps import DEFAULTS, period_param, xunjian

from settings import get_settings

PERIOD = "{{ ti.xcom_pull(task_ids='period') }}"
RUN = "{{ run_id | replace(':', '') | replace('~', '_') }}"

# 27 rounds a day, at times of day that drift: the clause wants 20, so a few hours of our own outage are no
# loss. Up to ten paces of delay more (two minutes), so that no site meets us on the same minute for weeks;
# who keeps no pace, as against the replica, waits for none.
EVERY = timedelta(minutes=53)
DELAY_SECONDS = round(10 * get_settings().pace_seconds)

with DAG(
    dag_id="probe",
    dag_display_name="探测 probe",
    description="打开每个网站一次，打不开的由浏览器复核，前后访问对照网站",
    schedule=DeltaTriggerTimetable(EVERY),
    catchup=False,
    max_active_runs=1,
    # A pool of its own: a failure must be confirmed now, not when hours of capturing are over.
    default_args=DEFAULTS | {"pool": "probe", "queue": "probe"},
    params={"period": period_param("如 2021Q1；留空则取检查计划 plan.yml 所写的季度")},
    tags=["采集", "不可回填"],
    doc_md="""
### 探测：网站能不能打开（W2）

每 53 分钟一轮，每天 27 轮（指标要求 20 次以上）。15 秒（含）没有打开的，当场由真实浏览器复核，以浏览器为准。

* **不要清除旧的运行去重跑**：那时的网站已看不到。缺的一轮就缺着，W2 按缺少的次数如实给出“未能判定”或结论。
* 对照网站也打不开，是本机断网：这一轮不作数、如实留存，本次运行记为失败，请检查网络。
* 不触发考核：结果在下一次采集之后的考核中计入，也可以手动运行 `assess`。
* 监测的一周以监测时间点结束，请提前打开本 DAG（至少早 8 天），详见 `docs/runbooks/availability.md`。
""",
):
    period = BashOperator(
        task_id="period",
        task_display_name="确定季度",
        bash_command="{% if params.period %}echo {{ params.period | upper }}{% else %}"
        + xunjian("period")
        + "{% endif %}",
    )
    probe = BashOperator(
        task_id="probe",
        task_display_name="探测一轮",
        bash_command=f"sleep $((RANDOM % {DELAY_SECONDS + 1})); "
        + xunjian(f"probe --period {PERIOD} --run-id {RUN}"),
        # The next round is due: one that hangs must not cost that one too.
        execution_timeout=EVERY - timedelta(minutes=3),
    )
    chain(period, probe)
