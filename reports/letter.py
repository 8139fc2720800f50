"""What an office puts round the numbers: its name, document number, addressees, basis (``circular.yml``).

Kept beside the registry and edited by the office. What it has not written shows as a blank to fill in,
never as an invented name.
"""

from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from errors import UserError

FILE = "circular.yml"


class Letter(BaseModel):
    """The frame of a circular (GB/T 9704-2012, 7.2–7.4). ``signed_on`` is a day in Asia/Shanghai."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organ: str = Field("（发文机关）", description="发文机关")
    number: str = Field("〔　　〕　号", description="发文字号，如 湛府办〔2021〕12号")
    addressees: str = Field("（主送机关）", description="主送机关，末尾不写冒号")
    inspectors: str = Field("我办", description="检查由谁组织开展")
    region: str = Field("全市", description="检查范围，如 全市")
    basis: tuple[str, ...] = Field((), description="依据的文件，逐条写全称与文号")
    signed_on: date | None = Field(None, description="成文日期")
    copies_to: str = Field("", description="抄送机关")


def read_letter(registry: Path) -> Letter:
    """Read ``circular.yml`` of the registry directory; an office that has none gets the blanks.

    Raises :class:`UserError` that names every fault, one line each.
    """
    path = registry / FILE
    if not path.is_file():
        return Letter()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{FILE}：不是可读的 UTF-8 YAML（{str(error).splitlines()[0]}）") from None
    try:
        return Letter.model_validate(content or {})
    except ValidationError as error:
        lines = [_in_words(".".join(map(str, item["loc"])), str(item["type"])) for item in error.errors()]
        raise UserError("\n".join(lines)) from None


def _in_words(where: str, kind: str) -> str:
    if kind == "extra_forbidden":
        known = "、".join(Letter.model_fields)
        return f"{FILE}，{where}：不认识的项，可用的有 {known}"
    if kind.startswith("date"):
        return f"{FILE}，{where}：应写作 2021-05-11"
    return f"{FILE}，{where or '整个文件'}：写法不对，请对照 docs/registry.md"
