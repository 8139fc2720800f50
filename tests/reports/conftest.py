"""One published quarter with hostile names and real screenshots, made by real dbt, for whatever reads it."""

import hashlib
import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from landed import AFTER_T, WINDOW_START, T, Timeline
from PIL import Image

from extractors.evidence import store
from extractors.records import Seen
from settings import Settings
from warehouse import build, load, publish

HOSTILE = '</title><img src=x onerror="window.caught=1">{{7*7}}'


@pytest.fixture(scope="session")
def published_city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Look, do not touch. 30 accounts: one stale, one blocked, one hostile; two websites, one blank."""
    folder = tmp_path_factory.mktemp("dashboard")
    settings = Settings(data=folder / "data", registry=folder)
    city = Timeline(settings.landing)
    for number in range(26):
        fresh = [T - timedelta(days=day) for day in (1, 9, 30, 50)]
        city.look_at_account(city.account(f"2{number:04}", account_name=f"合成按时{number}"), fresh)
    stale = city.account("10002", account_name="合成超期", platform="douyin", organiser="合成公安局")
    capture = city.look_at_account(stale, [WINDOW_START, T - timedelta(days=40)])
    _screenshot(city, settings, stale, capture)
    blocked = city.account("10003", account_name="合成受阻", platform="douyin")
    for attempt in (1, 3):
        at = AFTER_T + timedelta(minutes=attempt)
        city.look_at_account(
            blocked, [], "captcha", at=at, attempt=attempt, reached_end=False, detail="出现验证码"
        )
    hostile = city.account("10004", account_name=HOSTILE, organiser=HOSTILE, district=HOSTILE)
    city.look_at_account(hostile, [T - timedelta(days=3)])
    city.rows["posts"][-1]["title"] = HOSTILE
    due = city.account("10005", account_name="合成临期")
    city.look_at_account(due, [AFTER_T - timedelta(days=12)])
    for code, listed in (("4408000001", [T.date()]), ("4408000003", [])):
        city.website(code, home_url="javascript:alert(1)" if listed else "http://4408000003.gov.cn/")
        names = [f"要闻{number}" for number in range(1, 7)]
        city.columns(code, names)
        city.look_at_site(code, {"": [T.date()]} | dict.fromkeys(names, listed))
    city.circular("通报1", "website", 47, 4, "85%")
    city.land_registry()
    city.land()
    load(settings)
    build(settings, city.period)
    publish(settings, city.period)
    return settings


def _screenshot(city: Timeline, settings: Settings, subject: str, capture_id: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (1280, 900), "#336699").save(picture, "PNG")
    body = picture.getvalue()
    seen = Seen(
        role="screenshot", url="https://example.cn/", media_type="image/png", status=200, body=body,
        server_date=AFTER_T,
    )  # fmt: skip
    path = store(settings.evidence, seen)
    city.rows.setdefault("evidence", []).append({
        "capture_id": capture_id, "run_id": city.run_id, "period": city.period,
        "extractor_version": city.version, "subject_id": subject,
        "sha256": hashlib.sha256(body).hexdigest(), "role": "screenshot", "media_type": "image/png",
        "url": "https://example.cn/", "http_status": 200, "bytes": len(body), "stored_path": path,
        "seen_at": AFTER_T,
    })  # fmt: skip


@pytest.fixture
def own_published_city(published_city: Settings, tmp_path: Path) -> Settings:
    """A copy that a test may change."""
    shutil.copytree(published_city.root, tmp_path / "data")
    return Settings(data=tmp_path / "data", registry=tmp_path)
