import socket
import subprocess
import sys
from pathlib import Path

import pytest

from settings import PROJECT, Settings
from warehouse.lock import WarehouseBusy, warehouse_lock

HOLDER = """
import sys
from settings import Settings
from warehouse.lock import warehouse_lock
with warehouse_lock(Settings(data=sys.argv[1]), "构建 2021Q1"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT,
    )  # fmt: skip
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_whoever_waits_is_told_who_holds_it(tmp_path, holder):
    with (
        pytest.raises(WarehouseBusy) as error,
        warehouse_lock(Settings(data=tmp_path), "载入", wait_seconds=0.2),
    ):
        pass
    message = str(error.value)
    assert f"进程 {holder.pid}" in message
    assert socket.gethostname() in message
    assert "构建 2021Q1，自 20" in message
    assert "\n" not in message


def test_a_holder_that_is_killed_holds_nothing(tmp_path, holder):
    holder.kill()
    holder.wait()
    with warehouse_lock(Settings(data=tmp_path), "载入", wait_seconds=5):
        pass


def test_it_may_be_entered_again_and_leaves_no_note_behind(tmp_path):
    settings = Settings(data=tmp_path)
    note = settings.warehouse_file.with_suffix(".lock.json")
    with warehouse_lock(settings, "重建"):
        with warehouse_lock(settings, "载入"):
            assert "重建" in note.read_text("utf-8")
        assert "重建" in note.read_text("utf-8")
    assert not Path(note).exists()
