// Every page: long tables in pieces with a search of their own, cards on a phone. Without it all is there, only longer.
"use strict";
(function () {
  const PIECE = 100;

  // On a phone each row stands as a card: every cell says which column it is of.
  for (const table of document.querySelectorAll("table.records")) {
    const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    for (const row of table.tBodies[0].rows) {
      if (row.cells.length === names.length) [...row.cells].forEach((cell, i) => { cell.dataset.label = names[i]; });
    }
    table.classList.add("labelled");
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function inPieces(table) {
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const what = table.closest("[aria-label]").getAttribute("aria-label");
    const search = document.createElement("input");
    search.type = "search";
    search.setAttribute("aria-label", `在“${what}”中查找`);
    search.placeholder = "在本表中查找";
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const before = button("上一页", () => { page -= 1; show(); });
    const after = button("下一页", () => { page += 1; show(); });
    let page = 0;

    function show() {
      const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.filter((_, i) => words.every((word) => texts[i].includes(word)));
      const last = Math.max(0, Math.ceil(found.length / PIECE) - 1);
      page = Math.min(page, last);
      table.tBodies[0].replaceChildren(...found.slice(page * PIECE, (page + 1) * PIECE));
      count.textContent = `共 ${found.length} 行，第 ${page + 1} / ${last + 1} 页`;
      before.disabled = page === 0;
      after.disabled = page === last;
    }

    search.addEventListener("input", () => { page = 0; show(); });
    const pager = document.createElement("div");
    pager.className = "pager";
    pager.append(search, before, after, count);
    table.closest(".scroll").before(pager);
    show();
    // Whoever prints wants the whole list.
    addEventListener("beforeprint", () => table.tBodies[0].replaceChildren(...rows));
    addEventListener("afterprint", show);
  }

  for (const table of document.querySelectorAll(".scroll table:not(#subjects)")) {
    if (table.tBodies[0].rows.length > PIECE) inPieces(table);
  }

  // The days that decide are at the right end.
  for (const strip of document.querySelectorAll(".strip")) strip.scrollLeft = strip.scrollWidth;
})();
