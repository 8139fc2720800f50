"""Every setting of Xunjian, read from the environment (prefix ``XUNJIAN_``) and nowhere else."""

from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent


def is_loopback(url: str) -> bool:
    """Whether ``url`` (a proxy's address) points at this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """Defaults are those of a careful office on one machine; see README for what each means."""

    model_config = SettingsConfigDict(env_prefix="XUNJIAN_", extra="ignore", frozen=True)

    data: Path = Path("data")
    registry: Path = Path("registry")
    sessions: Path = Path.home() / ".config" / "xunjian" / "sessions"

    # YAML, mode 0600: the keys (appid, secret) of official accounts whose owners gave them. Where it is not
    # set: ``wechat_owners.yml`` beside the login states, if there is one.
    wechat_owners: Path | None = None

    proxy: str | None = None
    tls_verify: bool = True
    chromium: Path | None = None

    # 10–20 s between two looks at one platform is what long-lived crawlers keep to.
    pace_seconds: float = Field(12.0, ge=0)
    pace_jitter: float = Field(0.4, ge=0, le=1)
    # Looks a day and platform, 0 without a cap: a city's whole run and its repetition fit, a loop gone wild
    # does not. Long-lived crawlers keep to as much.
    daily_cap: int = Field(500, ge=0)
    concurrency: int = Field(2, ge=1, le=32)
    circuit_after: int = Field(3, ge=0)
    page_seconds: float = Field(45.0, gt=0)
    # Pages opened beyond home and columns: a daily look needs none, the quarter's own does.
    articles_per_column: int = Field(0, ge=0, le=20)
    guides_per_site: int = Field(0, ge=0, le=60)
    shard_seconds: float = Field(6 * 3600.0, gt=0)
    shard_size: int = Field(24, ge=1)
    recycle_after: int = Field(80, ge=1)
    # Of looks that show nothing wrong, the share that a picture is kept of.
    sample_screenshots: float = Field(0.02, ge=0, le=1)

    probe_concurrency: int = Field(8, ge=1, le=64)
    # Three operators that have nothing to do with each other: where most do not open, we are offline.
    control_urls: str = "https://www.gov.cn/ https://www.baidu.com/ https://www.qq.com/"

    # Apprise URLs, separated by spaces (企业微信 wecombot://, 钉钉 dingtalk://, 飞书 feishu://, e-mail mailtos://,
    # webhook jsons://): who is on call, and who answers for the data.
    alert_oncall: SecretStr | None = None
    alert_data: SecretStr | None = None
    # YAML, mode 0600: each organiser's own Apprise URLs.
    alert_contacts: Path | None = None

    # The office's own Word template of the circular, in place of the shipped one.
    circular_template: Path | None = None

    keep_releases: int = Field(8, ge=1)
    # DuckDB spills to disk beyond it; a build of the whole country then fits a machine of 8 GB.
    warehouse_memory: str = Field("5GB", pattern=r"[0-9]+(\.[0-9]+)?(MB|GB)")

    @field_validator("control_urls")
    @classmethod
    def _controls_are_addresses(cls, value: str) -> str:
        if not value.split() or not all(url.startswith(("http://", "https://")) for url in value.split()):
            raise ValueError("应为以空格分隔的若干网址，如 https://www.gov.cn/ https://www.baidu.com/")
        return value

    @model_validator(mode="after")
    def _unverified_tls_stays_on_loopback(self) -> Self:
        if not self.tls_verify and not (self.proxy and is_loopback(self.proxy)):
            raise ValueError("XUNJIAN_TLS_VERIFY=false 只允许与回环地址上的 XUNJIAN_PROXY 同时使用")
        return self

    @property
    def controls(self) -> list[str]:
        """The control targets of the availability probe."""
        return self.control_urls.split()

    @property
    def root(self) -> Path:
        """``data`` as an absolute path: subprocesses start elsewhere."""
        return self.data.resolve()

    @property
    def owners_file(self) -> Path:
        return self.wechat_owners or self.sessions / "wechat_owners.yml"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def evidence(self) -> Path:
        return self.root / "evidence"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def manners(self) -> Path:
        """What every process must know of this machine's visits to each platform."""
        return self.root / "manners"

    @property
    def circuits(self) -> Path:
        """Open circuits, one file a platform."""
        return self.root / "circuits"

    @property
    def warehouse_file(self) -> Path:
        """The working file: one writer, no readers. Analysts get :attr:`published_file`."""
        return self.root / "warehouse" / "xunjian.duckdb"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def published_file(self) -> Path:
        return self.published / "compliance.duckdb"

    @property
    def quality(self) -> Path:
        """Where Great Expectations writes: results and Data Docs."""
        return self.root / "quality"

    @property
    def reports(self) -> Path:
        return self.root / "reports"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings. Raises ``pydantic.ValidationError`` on a bad value."""
    return Settings()
