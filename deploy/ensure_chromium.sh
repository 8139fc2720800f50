#!/usr/bin/env bash
# Makes sure there is a Chromium to drive, and fonts that can show Chinese. Says how where it cannot.
set -euo pipefail
uv="${1:-uv}"

find_chromium() {
  "$uv" run --frozen --all-groups python -c '
from extractors.browser import find_chromium
from settings import get_settings
print(find_chromium(get_settings()))' 2>/dev/null
}

has_cjk_fonts() { [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; }

if find_chromium >/dev/null && has_cjk_fonts; then exit 0; fi

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "安装 Chromium 与中文字体（Debian 软件包）…"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
elif ! find_chromium >/dev/null; then
  echo "安装 Playwright 自带的 Chromium …"
  "$uv" run --frozen --all-groups playwright install chromium || true
fi

find_chromium >/dev/null || {
  echo "错误：没有可用的 Chromium。请任选其一：" >&2
  echo "  sudo apt-get install chromium fonts-noto-cjk      （Debian/Ubuntu）" >&2
  echo "  uv run playwright install chromium                （能访问外网时）" >&2
  echo "  export XUNJIAN_CHROMIUM=/路径/chrome              （已装在别处时）" >&2
  exit 1
}
has_cjk_fonts || echo "提醒：没有中文字体，截图中的汉字会是方块；请安装 fonts-noto-cjk" >&2
