"""考核：从已落地的数据算出一个季度的判定并发布。只取决于落地数据，可以随时清除重跑。"""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, chain, task_group
from steps import DEFAULTS, LANDING, PUBLISHED, announce, period_param, periods, xunjian

with DAG(
    dag_id="assess",
    dag_display_name="考核 assess",
    description="检验、装载、计算、再检验、发布一个季度",
    schedule=[LANDING],
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULTS | {"pool": "warehouse", "queue": "warehouse"},
    params={"period": period_param("手动运行时必填，如 2021Q1；由采集触发时取自其事件")},
    tags=["考核", "可重跑"],
    doc_md="""
### 考核：落地数据的纯函数

落地检验 → 装载 → 计算（dbt）→ 集市检验 → 发布。同样的落地数据得到同样的结果，可以随时清除重跑。

* 数据仓库同时只有一个写入者：每一步都占用只有一个名额的资源池 `warehouse`。
* 任一道检验不通过就到此为止，已发布的数据保持原样。
* 成功后更新资产 `xunjian://published` 并附上季度，由此触发 `circular`。
""",
):

    @task_group(group_id="quarter")
    def assess_quarter(env: dict[str, str]) -> None:
        common = {"env": env, "map_index_template": "{{ task.env['PERIOD'] }}"}
        chain(
            BashOperator(
                task_id="validate_landing",
                task_display_name="落地检验",
                bash_command=xunjian('validate --period "$PERIOD" --border landing'),
                **common,
            ),
            BashOperator(
                task_id="load",
                task_display_name="装载",
                bash_command=xunjian('load --period "$PERIOD"'),
                **common,
            ),
            BashOperator(
                task_id="build",
                task_display_name="计算",
                bash_command=xunjian('build --period "$PERIOD"'),
                **common,
            ),
            BashOperator(
                task_id="validate_marts",
                task_display_name="集市检验",
                bash_command=xunjian('validate --period "$PERIOD" --border marts'),
                **common,
            ),
            BashOperator(
                task_id="publish",
                task_display_name="发布",
                bash_command=xunjian('publish --period "$PERIOD"'),
                outlets=[PUBLISHED],
                post_execute=announce(PUBLISHED, lambda context: context["task"].env["PERIOD"]),
                **common,
            ),
        )

    assess_quarter.expand(env=periods())
