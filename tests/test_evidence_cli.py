"""``xunjian evidence verify`` as a person meets it."""

import subprocess
from pathlib import Path

from marts_tables import SHA256, Marts, Subject

from extractors.records import Subject as Registered
from extractors.registry import Registry
from settings import Settings
from tests.extractors.conftest import registry as registry
from tests.extractors.custody.landed_run import AT, flip, land_run, visit_of
from tests.test_cli import run


def verify(settings: Settings, what: str = "verify") -> subprocess.CompletedProcess[str]:
    return run("evidence", what, XUNJIAN_DATA=str(settings.data))


def test_damage_is_said_with_the_findings_it_touches(registry: Registry, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    assert verify(settings).returncode == 0
    land_run(registry, settings, "r1")
    done = verify(settings)
    assert done.returncode == 0 and "尚未封存：采集 r1 的 douyin" in done.stdout
    assert "已封存" in verify(settings, "seal").stdout
    done = verify(settings)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1) and "损坏 0 处" in done.stdout

    account: Registered = next(s for s in registry.subjects() if s.platform == "wechat")
    seen = visit_of(account, AT).seen
    marts = Marts(
        [Subject("account", account.id, "合成县发布", "合成县政府办", "wechat", {"M2.1": "两周无更新"})]
    )
    marts.tables["marts.fct_findings"][0]["evidence_sha256s"] = [SHA256, seen[0].sha256]
    marts.write(settings.published_file)
    (picture,) = settings.evidence.glob(f"??/{seen[1].sha256}.png")
    flip(picture, 0)  # the finding rests on the list of the same look
    done = verify(settings)
    assert done.returncode == 4 and done.stderr == ""
    assert done.stdout.splitlines()[:3] == [
        f"损坏：被改动：evidence/{picture.parent.name}/{picture.name} 的内容与其哈希不符",
        f"  对象：{account.id}",
        f"  涉及：2021Q1 合成县发布（{account.id}）M2.1 两周无更新",
    ]
