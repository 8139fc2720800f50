"""The circular as a Word document that an office can sign, from the editable template ``circular.docx``."""

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError

from errors import UserError
from extractors.periods import date_zh
from reports import wording
from reports.letter import Letter
from reports.published import Rate, Summary
from reports.settled import settled_zip

SHIPPED = Path(__file__).parent / "templates" / "circular.docx"
ANNEX1_TITLE = "检查发现存在突出问题的政府网站名单"
ANNEX2_TITLE = "检查发现存在突出问题的政务新媒体名单"


def circular_docx(summary: Summary, letter: Letter, template: Path | None = None) -> bytes:
    """The document's bytes: the same published file, letter and template give the same bytes.

    Raises :class:`UserError` where the office's own ``template`` cannot be read or asks for a value that
    there is not.
    """
    path = template or SHIPPED
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(path)
        document.render(_values(summary, letter), environment)
        content = io.BytesIO()
        document.save(content)
    except TemplateError as error:
        raise UserError(
            f"{path}：模板里的“{{{{ }}}}”写得不对（{error}），请对照 {SHIPPED.name} 改正"
        ) from None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise UserError(f"{path}：不是可读的 .docx 模板（{error}）") from None
    return settled_zip(content.getvalue(), summary.provenance.published_at)


def _values(summary: Summary, letter: Letter) -> dict[str, Any]:
    plan, provenance = summary.plan, summary.provenance
    basis = letter.basis or (f"《{plan.rule_set_name}》（{plan.basis}）",)
    return {
        "letter": letter,
        "title": wording.title(summary, letter.region),
        "period_zh": summary.period.zh,
        "basis": "、".join(basis) + ("等文件" if len(basis) > 1 else ""),
        "signed_on": date_zh(letter.signed_on) if letter.signed_on else "　　年　月　日",
        "sampled": wording.sampled(summary),
        "websites": summary.total("website"),
        "accounts": summary.total("account"),
        "websites_text": wording.websites_text(summary, letter.region),
        "accounts_text": wording.accounts_text(summary, letter.region),
        "site_classes": _rates(summary.breakdown("website", "site_class")),
        "platforms": _rates(summary.breakdown("account", "platform")),
        "problems": [
            {"ordinal": wording.ordinal_zh(n), "name": problem.name, "text": wording.problem_text(problem)}
            for n, problem in enumerate(summary.problems, start=1)
        ],
        "scored": summary.scored,
        "scored_ordinal": wording.ordinal_zh(len(summary.problems) + 1),
        "rectification": wording.rectification_text(summary),
        "open": summary.open,
        "annex1": summary.annex1,
        "annex2": summary.annex2,
        "annex1_title": ANNEX1_TITLE,
        "annex2_title": ANNEX2_TITLE,
        "provenance": provenance,
        "published_at": provenance.published_at.strftime("%Y-%m-%d %H:%M:%S"),
        "points": "、".join(plan.points),
        "rule_set_name": plan.rule_set_name,
    }


def _rates(rates: list[Rate]) -> list[dict[str, object]]:
    return [
        {
            "name": rate.name,
            "registered": rate.registered,
            "checked": rate.checked,
            "passed": rate.passed,
            "failed": rate.failed,
            "undetermined": rate.undetermined,
            "text": rate.text + ("（暂定）" if rate.is_provisional else ""),
        }
        for rate in rates
    ]
