# 巡检 — everything a person does with this repository. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:

UV_VERSION := 0.13.9
# The machine's own uv if there is one, else one of ours in .tools/.
UV := $(shell command -v uv || echo .tools/bin/uv)
RUN := $(UV) run --frozen --all-groups

export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export SCARF_ANALYTICS := false
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: help
help: ## 列出全部命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

.tools/bin/uv:
	@echo "安装 uv $(UV_VERSION) 到 .tools/ …"
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

.PHONY: setup
setup: $(if $(findstring .tools,$(UV)),.tools/bin/uv) ## 安装全部依赖与浏览器（其他命令会自动先做）
	@$(UV) sync --frozen --all-groups --quiet
	bash deploy/ensure_chromium.sh "$(UV)"

.PHONY: demo
demo: setup ## 在湛江2021年第一季度情景上，经真实的 Airflow 跑完全程，打印结果
	@$(RUN) python -m deploy.local demo

.PHONY: test
test: setup ## 运行全部测试
	@bash deploy/ensure_xvfb.sh
	$(RUN) pytest -m "not browser and not e2e" -n 2
	$(RUN) pytest -m browser
	$(RUN) pytest -m e2e

.PHONY: check
check: setup ## 静态检查：格式、类型、SQL、依赖方向、dbt、锁文件
	@$(UV) lock --check --quiet
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports --no-cache
	$(RUN) dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project --target-path data/check --log-path data/check --vars '{"periods": ["2021Q1"]}'
	$(RUN) sqlfluff lint dbt_project --disable-progress-bar

.PHONY: up
up: setup ## 启动本机 Airflow（界面与定时任务）
	@$(RUN) python -m deploy.local up

.PHONY: down
down: setup ## 停止本机 Airflow，不留进程
	@$(RUN) python -m deploy.local down

.PHONY: bench
bench: setup ## 测量：采集速度（与裸 Playwright 循环对比）、内存、评定用时
	@$(RUN) python -m deploy.bench

.PHONY: bench-scale
bench-scale: setup ## 测量：两千个合成账号的日常检查与季度回读——速度、请求数、内存
	@$(RUN) python -m deploy.bench_scale

.PHONY: bench-dashboard
bench-dashboard: setup ## 测量：一万个对象的看板——写出用时、大小、内存，在浏览器中多久可用
	@$(RUN) python -m deploy.dashboard_bench

.PHONY: pictures
pictures: setup ## 用演示留下的页面重拍 README 的图片（先运行 make demo）
	@$(RUN) python -m deploy.pictures 2021Q1

.PHONY: rebuild
rebuild: setup ## 从落地数据重建数据仓库
	@$(RUN) xunjian rebuild
