#!/usr/bin/env bash
# A screen for the test that opens a real window (xunjian login). Without one that test is skipped, and says so.
set -uo pipefail
command -v Xvfb >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends xvfb; } >/dev/null 2>&1
fi
command -v Xvfb >/dev/null || echo "提醒：没有 Xvfb，扫码登录的测试会跳过；请安装 xvfb" >&2
