#!/usr/bin/env bash
# Once per start of the cluster: bring the metadata up to date, set the pools, make sure there is an administrator.
set -euo pipefail

airflow db migrate
airflow pools import "$(dirname "$0")/pools.json"
# Says that the user exists, and succeeds, when it is there already.
airflow users create --role Admin --firstname 管理员 --lastname 巡检 \
  --username "$AIRFLOW_ADMIN_USER" --password "$AIRFLOW_ADMIN_PASSWORD" --email "$AIRFLOW_ADMIN_EMAIL"
