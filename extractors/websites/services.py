"""Service items (办事服务) and what their guides say: the eight elements of W6 服务不实用. Pure.

The eight are those of 关于“办事指南”指标的说明 (www.gov.cn, 2015-06-10), kept by 国办秘函〔2019〕19号. An
element is found where its heading is followed by something; a heading with nothing, or with 暂无, below it
is missing.
"""

from collections import defaultdict

from selectolax.lexbor import LexborNode

from extractors.websites.articles import article_title
from extractors.websites.pages import HtmlPage, squeeze, text_nodes
from extractors.websites.rows import in_chrome, name_words

# By the words that guides use for each. Wide on purpose: a wrongly missing element may cost a site its pass.
_WORDS = {
    "事项名称": "办理事项 服务事项 服务名称 项目名称 业务名称",
    "设定依据": "法律依据 办理依据 实施依据 政策依据 设立依据 法定依据",
    "申请条件": "受理条件 办理条件 申报条件 办事条件 适用范围 服务对象 办理对象",
    "办理材料": "申请材料 申报材料 提交材料 所需材料 受理材料 材料清单 申请资料",
    "办理地点": "受理地点 办公地点 办理地址 受理地址 窗口地址 办公地址 办理窗口",
    "办理时间": "办公时间 受理时间 工作时间 服务时间 办理时限 办结时限 承诺时限 法定时限 办理期限 承诺期限",
    "联系电话": "咨询电话 联系方式 咨询方式 咨询途径 服务电话 办公电话 监督电话",
    "办理流程": "办理程序 办事流程 申请流程 审批流程 办理步骤 受理流程 流程图 申请程序 审批程序",
}
ELEMENTS = tuple(_WORDS)
_LABELS = {word: element for element, words in _WORDS.items() for word in (element, *words.split())}
_NOTHING = frozenset(
    {"", "暂无", "暂无内容", "暂无信息", "待补充", "待完善", "略", "-", "--", "—", "——", "/"}
)
_NUMBERING = "一二三四五六七八九十0123456789（）().、．: ：【】[]\u3000"
_BESIDE_WORDS = frozenset({"side", "sidebar", "aside", "hot", "recommend", "related", "friend", "position"})
_SHORTEST_ITEM = 4
_PARENTS = frozenset({"ul", "ol", "tbody", "table", "dl"})


def service_links(page: HtmlPage) -> tuple[tuple[str, str], ...]:
    """``(item, address)`` of a page that lists service items: the block with the most links that are
    long enough for an item's name, outside navigation and what stands beside."""
    blocks: dict[int, dict[str, str]] = defaultdict(dict)
    for anchor in page.tree.css("a[href]"):
        name = squeeze(anchor.attributes.get("title") or "") or squeeze(anchor.text())
        url = page.absolute(anchor.attributes.get("href"))
        block = _block(anchor)
        if url and block is not None and len(name) >= _SHORTEST_ITEM:
            blocks[block.mem_id].setdefault(url, name)
    largest = max(blocks.values(), key=len, default={})
    return tuple((name, url) for url, name in largest.items())


def guide_elements(page: HtmlPage) -> tuple[list[str], list[str]]:
    """``(found, missing)`` of the eight elements in one guide, each in the official order.

    A page's own heading stands for 事项名称: that is what it names.
    """
    found = {_LABELS[label] for label, said in _sections(page) if said not in _NOTHING}
    if article_title(page):
        found.add("事项名称")
    return [e for e in ELEMENTS if e in found], [e for e in ELEMENTS if e not in found]


def _sections(page: HtmlPage) -> list[tuple[str, str]]:
    """``(label, what follows it up to the next label)``; links are no labels: tabs repeat them on top."""
    sections: list[tuple[str, list[str]]] = []
    if page.tree.body is None:
        return []
    for node in text_nodes(page.tree.body):
        if in_chrome(node):
            continue
        text = squeeze(node.text(deep=False))
        label, rest = _label_of(text)
        if label and not _inside_link(node):
            sections.append((label, [rest]))
        elif sections and not (label and _inside_link(node)):
            sections[-1][1].append(text)
    return [(label, "".join(said).strip(" ：:\u3000")) for label, said in sections]


def _label_of(text: str) -> tuple[str, str]:
    """The label that ``text`` is, or begins with before a colon, and what it says after it."""
    bare = text.lstrip(_NUMBERING)
    head, colon, rest = bare.replace("：", ":").partition(":")
    word = "".join(head.split()).strip(_NUMBERING)
    return (word, rest.strip() if colon else "") if word in _LABELS else ("", "")


def _block(anchor: LexborNode) -> LexborNode | None:
    """The list or table that holds ``anchor``; None in navigation and beside the matter."""
    if in_chrome(anchor):
        return None
    block: LexborNode | None = None
    node = anchor.parent
    while node is not None and node.tag not in ("body", "html"):
        if name_words(node) & _BESIDE_WORDS:
            return None
        if block is None and node.tag in _PARENTS:
            block = node
        node = node.parent
    return block


def _inside_link(node: LexborNode) -> bool:
    around = node.parent
    while around is not None:
        if around.tag == "a":
            return True
        around = around.parent
    return False
