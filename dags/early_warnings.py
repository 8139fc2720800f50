"""预警：评定一发布，就把临期预警告诉各主办单位，每个级别只说一次。"""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from steps import DEFAULTS, PUBLISHED, period_param, periods, xunjian

with DAG(
    dag_id="warnings",
    dag_display_name="预警 warnings",
    description="快要两周没有更新的，告诉其主办单位",
    # Not by the clock: `capture` and `daily` see that there is something new every day, and what was not
    # seen or did not pass the borders is nothing to warn of.
    schedule=[PUBLISHED],
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULTS | {"pool": "warehouse", "queue": "warehouse"},
    params={"period": period_param("手动运行时必填，如 2021Q1；由考核触发时取自其事件")},
    tags=["预警", "可重跑"],
    doc_md="""
### 预警：满 7、10、12、14 天未更新

采集和日常检查（`daily`）每天看一遍，考核算出预警并发布，本流程随即通知设置了联系方式的主办单位。

* 同一对象、同一级别、同一次停更只说一次，可以随时重跑。
* 报备的节假日和停机维护期间不发；没有看全的对象不发：没有看到不等于没有更新。

详见 `docs/runbooks/alerts.md`。
""",
):
    BashOperator.partial(
        task_id="tell_organisers",
        task_display_name="通知主办单位",
        bash_command=xunjian('alert organisers --only warnings --period "$PERIOD"'),
        map_index_template="{{ task.env['PERIOD'] }}",
    ).expand(env=periods())
