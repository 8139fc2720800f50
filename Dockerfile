# One image for every service of docker-compose.yml: Airflow, the extractors with a browser, the warehouse.
FROM python:3.11-slim-bookworm

# Debian's Chromium, so that nothing is fetched from a browser vendor; without CJK fonts screenshots show boxes.
RUN apt-get update \
 && apt-get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig \
 && rm -rf /var/lib/apt/lists/*

RUN pip install --no-cache-dir uv==0.13.9

# Not root: Chromium keeps its own sandbox only then (see security_opt in docker-compose.yml).
RUN useradd --create-home --uid 50000 xunjian \
 && install -d -o xunjian -g xunjian /data /sessions /registry /opt/airflow /opt/airflow/logs

WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never

# Dependencies change rarely: their layer comes first. The replica and the development tools stay outside.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-default-groups --group cluster --no-install-project
COPY . .
RUN uv sync --frozen --no-default-groups --group cluster

ENV PATH=/app/.venv/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    XUNJIAN_CHROMIUM=/usr/bin/chromium \
    XUNJIAN_DATA=/data \
    XUNJIAN_REGISTRY=/registry \
    XUNJIAN_SESSIONS=/sessions \
    DO_NOT_TRACK=1 \
    SCARF_ANALYTICS=false \
    GX_ANALYTICS_ENABLED=false \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false
USER xunjian
CMD ["airflow", "version"]
