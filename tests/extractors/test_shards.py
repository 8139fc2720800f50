import json
from urllib.parse import urlsplit

import pytest

from errors import UserError
from extractors.landing import landed_file, write_table
from extractors.registry import Registry
from extractors.shards import freeze_shards, frozen_run, plan_shards, run_folder
from settings import Settings

DOUYIN = "MS4wLjABAAAAsyntheticSyntheticSyntheticSynthetic"


def names(shards: object) -> dict[str, list[str]]:
    return {shard.name: [subject.name for subject in shard.subjects] for shard in shards}  # type: ignore[attr-defined]


def test_one_shard_a_platform_and_closed_accounts_not_every_day(
    registry: Registry, settings: Settings
) -> None:
    shards = plan_shards(registry, settings, only="platform", daily=True)
    assert names(shards) == {
        "douyin": ["合成县发布", "合成县公安"],
        "kuaishou": ["合成县发布"],
        "wechat": ["合成县发布"],
    }
    assert [shard.platform for shard in shards] == ["douyin", "kuaishou", "wechat"]


def test_closed_accounts_are_looked_at_once_a_quarter(registry: Registry, settings: Settings) -> None:
    def looked(run_id: str, outcome: str) -> None:
        row = {"subject_kind": "closed", "subject_id": "weibo:6100000007", "outcome": outcome}
        period = registry.plan.period
        write_table(landed_file(settings.landing, "captures", period, run_id, "weibo"), "captures", [row])

    def planned(run_id: str | None = None) -> list[str]:
        shards = plan_shards(registry, settings, only="platform", run_id=run_id)
        return [subject.id for shard in shards for subject in shard.subjects if subject.kind == "closed"]

    assert planned() == ["weibo:6100000007"]
    looked("r1", "captcha")
    assert planned() == ["weibo:6100000007"], "a wall tells nothing"
    looked("r2", "account_gone")
    assert planned() == []
    assert planned("r2") == ["weibo:6100000007"], "a run that is continued plans what it planned"


def test_a_platform_s_canaries_come_first_in_its_shard(registry: Registry, settings: Settings) -> None:
    for platform, uid in (("douyin", f"{DOUYIN}_c99"), ("weibo", "6100000099")):
        registry.canaries.append({"platform": platform, "platform_uid": uid, "account_name": "合成日更"})
    shards = plan_shards(registry, settings, only="platform", daily=True)
    assert names(shards)["douyin"] == ["合成日更", "合成县发布", "合成县公安"]
    assert [subject.kind for subject in shards[0].subjects] == ["canary", "account", "account"]
    assert "weibo" not in names(shards), "a canary is not looked at for its own sake"
    one = plan_shards(registry, settings, subject_id=f"douyin:{DOUYIN}_c02")
    assert names(one) == {"douyin": ["合成日更", "合成县公安"]}


def test_a_daily_run_keeps_to_what_it_asked_first(registry: Registry, settings: Settings) -> None:
    freeze_shards(registry, settings, "r1", only="platform", daily=True)
    run = frozen_run(settings, "r1")
    assert run is not None and run.daily_point == registry.plan.monitoring_points[-1]
    plan = run.plan(registry.plan)
    assert (plan.since, plan.wants_history) == (registry.plan.windows_start, False)
    freeze_shards(registry, settings, "r2")
    usual = frozen_run(settings, "r2")
    assert usual is not None and usual.plan(registry.plan) is registry.plan and registry.plan.wants_history


def test_a_run_frozen_by_an_earlier_release_is_still_read(registry: Registry, settings: Settings) -> None:
    freeze_shards(registry, settings, "r1")
    file = run_folder(settings, "r1") / "shards.json"
    content = json.loads(file.read_bytes())
    del content["daily_point"], content["canary_hours"]
    file.write_text(json.dumps(content), encoding="utf-8")
    run = frozen_run(settings, "r1")
    assert run is not None and (run.daily_point, run.canary_hours) == (None, 48)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 24])
def test_sites_of_one_host_are_never_parted(registry: Registry, settings: Settings, size: int) -> None:
    shards = plan_shards(registry, settings.model_copy(update={"shard_size": size}), only="websites")
    hosts = [{urlsplit(subject.url).hostname for subject in shard.subjects} for shard in shards]
    assert sum(len(each) for each in hosts) == len(set().union(*hosts)) == 3
    assert sorted(s.id for shard in shards for s in shard.subjects) == [f"449999000{i}" for i in range(1, 6)]
    assert len(shards) == {1: 3, 2: 2, 3: 2, 4: 2, 5: 1, 24: 1}[size]


def test_scope(registry: Registry, settings: Settings) -> None:
    one = plan_shards(registry, settings, subject_id="kuaishou:3xsynthetic00001")
    assert names(one) == {"kuaishou": ["合成县发布"]}
    with pytest.raises(UserError, match="台账中没有"):
        plan_shards(registry, settings, subject_id="kuaishou:nobody")


def test_a_frozen_run_stays_as_it_was(registry: Registry, settings: Settings) -> None:
    frozen = freeze_shards(registry, settings, "r1")
    again = freeze_shards(registry, settings.model_copy(update={"shard_size": 1}), "r1", only="platform")
    assert again == frozen == list(frozen_run(settings, "r1").shards)  # type: ignore[union-attr]
    website = next(s for shard in frozen for s in shard.subjects if s.id == "4499990001")
    assert website.columns[0].name == "合成要闻", "columns are frozen too"
    assert freeze_shards(registry, settings.model_copy(update={"shard_size": 1}), "r2") != frozen


def test_faults_of_a_frozen_run_are_said(registry: Registry, settings: Settings) -> None:
    assert frozen_run(settings, "r1") is None
    freeze_shards(registry, settings, "r1")
    run = frozen_run(settings, "r1")
    assert run is not None
    with pytest.raises(UserError, match="没有名为“toutiao”"):
        run.shard("toutiao")
    file = run_folder(settings, "r1") / "shards.json"
    file.write_text(file.read_text(encoding="utf-8").replace("2021Q1", "2020Q4"), encoding="utf-8")
    with pytest.raises(UserError, match="属于 2020Q4"):
        freeze_shards(registry, settings, "r1")
    file.write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="已损坏"):
        frozen_run(settings, "r1")
