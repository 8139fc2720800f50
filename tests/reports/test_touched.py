from pathlib import Path

from marts_tables import PERIOD, SHA256, Marts
from published_case import model_quarter, publish

from reports.touched import findings_on
from settings import Settings


def test_findings_by_their_evidence_and_by_their_quarter(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    assert findings_on(settings, {SHA256}, {PERIOD}) == [], "nothing is published yet"
    publish(settings, Marts(model_quarter()))
    assert findings_on(settings, {"0" * 64}, {""}) == []
    by_evidence = findings_on(settings, {SHA256}, set())
    assert len(by_evidence) == 13 and by_evidence == findings_on(settings, set(), {PERIOD})
    assert "2021Q1 湛江交警（account002）M2.1 检测时间点前2周无更新" in map(str, by_evidence)
