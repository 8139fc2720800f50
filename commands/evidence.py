"""Evidence: sealed, verified, read again."""

import typer

from commands.shared import UNFIT, PeriodOption, out, progress_bar
from settings import get_settings

app = typer.Typer()
evidence_app = typer.Typer(no_args_is_help=True, help="证据：封存与核验")
app.add_typer(evidence_app, name="evidence")


@evidence_app.command("seal")
def evidence_seal() -> None:
    """把已落地而尚未封存的列入证据清单（采集结束时会自动进行）。"""
    from extractors.custody.seal import seal

    sealed = seal(get_settings())
    for one in sealed:
        out.print(str(one), markup=False)
    if not sealed:
        out.print("没有尚未封存的")


@evidence_app.command("verify")
def evidence_verify() -> None:
    """逐字节核验证据、落地文件和证据清单；有缺失、多出或改动时说明涉及哪些问题，以 4 退出。"""
    from extractors.custody.verify import touched_evidence, verify
    from reports.touched import findings_on

    settings = get_settings()
    with progress_bar("核验") as advance:
        found = verify(settings, advance)
    for line in found.unsealed:
        out.print(f"尚未封存：{line}", markup=False)
    findings = findings_on(settings, touched_evidence(found.damages), {d.period for d in found.damages})
    for damage in found.damages:
        out.print(f"损坏：{damage.what}", markup=False)
        if damage.subjects:
            out.print(f"  对象：{'、'.join(damage.subjects)}", markup=False)
        for finding in findings:
            if damage.evidence & set(finding.evidence_sha256s) or finding.period == damage.period:
                out.print(f"  涉及：{finding}", markup=False)
    out.print(
        f"证据清单 {found.manifests} 份，文件 {found.files} 个，损坏 {len(found.damages)} 处；"
        f"链头 {found.head or '（尚无清单）'}",
        markup=False,
    )
    raise typer.Exit(UNFIT if found.damages else 0)


@app.command()
def reparse(period: PeriodOption) -> None:
    """不上网，用现在的解析程序重读该季度的证据；新版本的结果另行落地，由数据仓库取最新一次。"""
    from extractors.reparse import reparse as read_again

    with progress_bar("重新解析") as advance:
        done = read_again(get_settings(), period, advance)
    out.print(str(done), markup=False)
    raise typer.Exit(0 if done.is_whole else UNFIT)
