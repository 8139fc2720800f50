// The list of subjects: search, filter, sort, a hundred rows at a time. Text goes in as text, never as HTML.
"use strict";
(function () {
  const PAGE = 100;
  const NAMES = { pass: "合格", fail: "不合格", undetermined: "未能判定" };
  const body = document.querySelector("#subjects tbody");
  if (!body) return;
  const rows = window.SUBJECTS;
  const search = document.querySelector("#search");
  const filters = { 2: document.querySelector("#group"), 3: document.querySelector("#district"), 4: document.querySelector("#verdict") };
  const count = document.querySelector("#count");
  const before = document.querySelector("#before");
  const after = document.querySelector("#after");
  let page = 0;
  let sorting = { column: -1, down: false };

  for (const column of [2, 3]) {
    const values = [...new Set(rows.map((row) => row[column]).filter(Boolean))];
    for (const value of values) filters[column].append(new Option(value, value));
  }

  function matching() {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row) =>
      Object.entries(filters).every(([column, box]) => !box.value || row[column] === box.value) &&
      words.every((word) => (row[0] + " " + row[1]).toLowerCase().includes(word)));
    if (sorting.column >= 0) {
      const order = new Intl.Collator("zh-CN", { numeric: true });
      const way = sorting.down ? -1 : 1;
      found.sort((a, b) => way * order.compare(a[sorting.column] || "", b[sorting.column] || ""));
    }
    return found;
  }

  const heads = [...document.querySelectorAll("#subjects th")].map((head) => head.textContent);

  function cell(line, text, className) {
    const place = line.insertCell();
    place.dataset.label = heads[place.cellIndex];
    place.textContent = text;
    if (className) place.className = className;
  }

  function show() {
    const found = matching();
    const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
    page = Math.min(page, last);
    const fresh = document.createElement("tbody");
    for (const row of found.slice(page * PAGE, (page + 1) * PAGE)) {
      const line = fresh.insertRow();
      const link = document.createElement("a");
      link.href = row[6];
      link.textContent = row[0];
      line.insertCell().append(link);
      cell(line, row[1]);
      cell(line, row[2]);
      cell(line, row[3]);
      cell(line, NAMES[row[4]], row[4]);
      cell(line, row[5], "num");
    }
    document.querySelector("#subjects tbody").replaceWith(fresh);
    count.textContent = `共 ${found.length} 个，第 ${page + 1} / ${last + 1} 页`;
    before.disabled = page === 0;
    after.disabled = page === last;
  }

  function again() { page = 0; show(); }
  search.addEventListener("input", again);
  for (const box of Object.values(filters)) box.addEventListener("change", again);
  before.addEventListener("click", () => { page -= 1; show(); });
  after.addEventListener("click", () => { page += 1; show(); });
  document.querySelectorAll("#subjects th button").forEach((button, column) => {
    button.addEventListener("click", () => {
      sorting = { column, down: sorting.column === column && !sorting.down };
      document.querySelectorAll("#subjects th").forEach((head, place) => {
        if (place === column) head.setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      again();
    });
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) search.value = asked;
  show();
})();
