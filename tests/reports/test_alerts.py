"""Alerts as they arrive: at a real mail server and a real webhook on this machine."""

import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner
from webhook_sink import webhook_sink

from errors import UserError
from extractors.registry import Registry
from extractors.registry.tables import QUIET_ALL
from reports.alerts.channels import contacts_of
from reports.alerts.message import Message, Route
from reports.alerts.organisers import warning_messages
from reports.alerts.outbox import deliver
from reports.alerts.send import tell_of_coverage, tell_of_gate, tell_of_run, tell_oncall, tell_organisers
from settings import Settings
from xunjian import app

MESSAGE = Message(Route.ONCALL, "capture/r1", "巡检：采集运行中断", "步骤：capture\n原因：磁盘已满")


class MailServer:
    """Keeps what arrives, as people would read it."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content)
        parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
        body = parts[0].get_payload(decode=True)
        assert isinstance(body, bytes)
        subject = str(make_header(decode_header(mail["Subject"])))
        self.mails.append((envelope.rcpt_tos, subject, body.decode("utf-8")))
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[MailServer, str]]:
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:  # the controller itself cannot be given port 0
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, f"mailto://127.0.0.1:{port}?from=xunjian@example.cn&to=zhiban@example.cn"
    controller.stop()


@pytest.fixture
def webhook() -> Iterator[tuple[list[tuple[str, dict[str, Any]]], str]]:
    with webhook_sink() as sink:
        yield sink.heard, f"{sink.apprise}/hook-SECRET"


def test_a_message_arrives_by_mail_and_webhook_once(
    tmp_path: Path, mail: tuple[MailServer, str], webhook: tuple[list[Any], str]
) -> None:
    settings = Settings(data=tmp_path / "data")
    (server, mailto), (heard, hook) = mail, webhook
    assert deliver(settings, MESSAGE, [mailto, hook]).sent == 2
    assert deliver(settings, MESSAGE, [mailto, hook]).known == 2
    ((recipients, subject, body),) = server.mails
    assert recipients == ["zhiban@example.cn"] and subject == MESSAGE.title
    assert body.replace("\r\n", "\n").strip() == MESSAGE.body
    ((path, content),) = heard
    assert path == "/hook-SECRET" and (content["title"], content["message"]) == (MESSAGE.title, MESSAGE.body)


def test_two_processes_at_once_tell_it_once(tmp_path: Path, webhook: tuple[list[Any], str]) -> None:
    settings = Settings(data=tmp_path / "data")
    heard, hook = webhook
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: deliver(settings, MESSAGE, [hook]), range(4)))
    assert len(heard) == 1
    assert sum(one.sent for one in told) == 1 and sum(one.known for one in told) == 3


def test_a_dead_channel_is_retried_logged_and_fails_nothing(
    tmp_path: Path, webhook: tuple[list[Any], str], capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path / "data")
    heard, hook = webhook
    dead = "json://127.0.0.1:9/hook-SECRET"
    told = deliver(settings, MESSAGE, [dead, hook], pause=0.01)
    assert (told.sent, told.dead, len(heard)) == (1, 1, 1)
    said = "".join(capfd.readouterr())
    assert "alert_not_delivered" in said and "SECRET" not in said
    assert deliver(settings, MESSAGE, [dead, hook], pause=0.01).dead == 1  # tried again next time


def test_no_secret_is_kept_or_logged(
    tmp_path: Path, webhook: tuple[list[Any], str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data=tmp_path / "data")
    with caplog.at_level(logging.DEBUG):
        deliver(settings, MESSAGE, [webhook[1], "nonsense-SECRET", "json://127.0.0.1:9/SECRET"], pause=0.01)
    assert "SECRET" not in caplog.text
    for path in settings.root.rglob("*"):
        assert "SECRET" not in path.name and (path.is_dir() or b"SECRET" not in path.read_bytes())
    assert "SECRET" not in repr(Settings(alert_oncall=webhook[1]))


def test_routes_never_mix(tmp_path: Path, webhook: tuple[list[Any], str], published_city: Settings) -> None:
    heard, hook = webhook
    contacts = tmp_path / "contacts.yml"
    contacts.write_text(f"合成公安局: {hook}/gongan\n合成局:\n  - {hook}/hecheng\n", "utf-8")
    contacts.chmod(0o600)
    settings = published_city.model_copy(
        update={"data": tmp_path / "data", "alert_contacts": contacts}
        | Settings(alert_oncall=f"{hook}/oncall", alert_data=f"{hook}/data").model_dump(
            include={"alert_oncall", "alert_data"}
        )
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "published").symlink_to(published_city.published.resolve())
    registry = _registry(published_city)
    tell_oncall(settings, "capture", "r1", "capture", "exit code 1")
    tell_of_gate(settings, "2021Q1", "landing", ["没有台账快照"], Path("docs/index.html"))
    tell_of_run(settings, "2021Q1", "r1", ["抖音：登录已过期。运行 xunjian login douyin"])
    tell_of_run(settings, "2021Q1", "r2", [])
    tell_of_coverage(settings, "2021Q1")
    told, without = tell_organisers(settings, "2021Q1", registry)
    by_path: dict[str, list[str]] = {}
    for path, content in heard:
        by_path.setdefault(path.rpartition("/")[2], []).append(content["title"] + content["message"])
    assert set(by_path) == {"oncall", "data", "gongan", "hecheng"}
    assert len(by_path["oncall"]) == 1 and "运行中断" in by_path["oncall"][0]
    assert len(by_path["data"]) == 3 and "docs/index.html" in by_path["data"][0]
    assert "合成超期" in "".join(by_path["gongan"]) and "合成超期" not in "".join(by_path["hecheng"])
    assert any("合成临期" in text and "已 12 天" in text for text in by_path["hecheng"])
    assert not any("合成受阻" in text for texts in by_path.values() for text in texts)
    assert told.dead == 0 and without == []
    before = len(heard)
    tell_organisers(settings, "2021Q1", registry)
    assert len(heard) == before  # the same findings and the same level are told once
    elsewhere = settings.model_copy(update={"data": tmp_path / "other"})
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "published").symlink_to(published_city.published.resolve())
    for only in ("findings", "warnings"):
        heard.clear()
        tell_organisers(elsewhere, "2021Q1", registry, only)
        assert heard and all(("预警" in c["title"]) == (only == "warnings") for _, c in heard)


def _registry(settings: Settings, quiet: list[dict[str, Any]] | None = None) -> Registry:
    """Only what telling organisers asks of it."""
    return Registry(
        directory=settings.registry, plan=None, accounts=[], websites=[], columns=[],  # type: ignore[arg-type]
        manual_findings=[], manual_scores=[], circulars=[], quiet_periods=quiet or [],
    )  # fmt: skip


WARNING = {
    "organiser": "甲局", "subject_id": "weibo:1", "name": "甲号", "group": "微博", "level": "soon",
    "level_name": "即将超期", "days": 10, "is_complete": True, "as_of": date(2021, 10, 4),
    "last_update": "2021-09-24 10:00", "key": "account:weibo:1/soon/20210924",
}  # fmt: skip


@pytest.mark.parametrize("scope", [QUIET_ALL, "甲局", "weibo:1"])
def test_filed_holidays_silence_warnings(scope: str) -> None:
    holiday = {"scope": scope, "from": date(2021, 10, 1), "to": date(2021, 10, 7), "reason": "国庆节"}
    assert warning_messages([WARNING], [holiday]) == {}
    after = WARNING | {"as_of": date(2021, 10, 8)}
    assert list(warning_messages([after], [holiday])) == ["甲局"]
    assert list(warning_messages([WARNING], [holiday | {"scope": "乙局"}])) == ["甲局"]


def test_who_was_not_wholly_seen_is_not_called_idle() -> None:
    assert warning_messages([WARNING | {"is_complete": False}], []) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [("- 甲", "整个文件"), ("甲局: {a: 1}", "甲局"), ("甲局: [", "读不了")],
)
def test_faults_in_the_contacts_are_said(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "contacts.yml"
    path.write_text(content, "utf-8")
    path.chmod(0o600)
    with pytest.raises(UserError, match=said):
        contacts_of(Settings(alert_contacts=path))


def test_contacts_that_others_can_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "contacts.yml"
    path.write_text("甲局: json://example.cn/SECRET", "utf-8")
    path.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600") as refused:
        contacts_of(Settings(alert_contacts=path))
    assert "SECRET" not in str(refused.value)


def test_a_channel_can_be_tried(
    tmp_path: Path, webhook: tuple[list[Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNJIAN_DATA", str(tmp_path))
    monkeypatch.setenv("XUNJIAN_ALERT_DATA", webhook[1])
    assert CliRunner().invoke(app, ["alert", "test", "data"]).exit_code == 0
    assert webhook[0][0][1]["title"] == "巡检：试发"
