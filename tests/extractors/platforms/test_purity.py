import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["douyin", "kuaishou", "weibo", "wechat", "catalogue", "look"])
def test_parsers_start_no_browser(name: str) -> None:
    script = f"import sys, extractors.platforms.{name}; sys.exit('playwright' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
