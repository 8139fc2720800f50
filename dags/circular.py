"""通报：从已发布的数据写出一个季度的通报、附件和看板。"""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from steps import DEFAULTS, PUBLISHED, period_param, periods, xunjian

with DAG(
    dag_id="circular",
    dag_display_name="通报 circular",
    description="写出通报、两个附件和看板",
    schedule=[PUBLISHED],
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULTS | {"pool": "warehouse", "queue": "warehouse"},
    params={"period": period_param("手动运行时必填，如 2021Q1；由考核触发时取自其事件")},
    tags=["通报", "可重跑"],
    doc_md="""
### 通报

只读已发布的 `compliance.duckdb`，写出通报（docx）、附件（xlsx）和看板（HTML）。可以随时重跑。
考核发布后自动运行；也可填写季度手动运行。

同时把问题分别告诉各主办单位（设置了联系方式的），同一件事只说一次。临期预警由 `warnings` 通知。
""",
):
    quarters = periods()
    BashOperator.partial(
        task_id="report",
        task_display_name="写通报",
        bash_command=xunjian('report --period "$PERIOD"'),
        map_index_template="{{ task.env['PERIOD'] }}",
    ).expand(env=quarters)
    # Beside the report, not after it: whatever of the documents fails, organisers hear in time.
    BashOperator.partial(
        task_id="tell_organisers",
        task_display_name="通知主办单位",
        bash_command=xunjian('alert organisers --only findings --period "$PERIOD"'),
        map_index_template="{{ task.env['PERIOD'] }}",
    ).expand(env=quarters)
