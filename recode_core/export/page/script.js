"use strict";
// Without this script the page is complete and its links work. With it: a search, keys, and links to records
// that are not shown.
const field = document.querySelector("#search");
const count = document.querySelector("#count");
let blocks = null, hits = [], at = -1, marked = null;

function unfold(element) {
  for (let each = element.parentElement; each; each = each.parentElement)
    if (each.localName === "details") each.open = true;
}

function show(element) {
  unfold(element);
  element.scrollIntoView({ block: "center" });
}

function target(hash) {
  const id = hash.slice(1);
  let decoded = id;
  try { decoded = decodeURIComponent(id); } catch { /* it stays as it is */ }
  const found = document.getElementById(id) || document.getElementById(decoded);
  const record = /^record=(\d+)$/.exec(id);
  if (found || !record) return found;
  const shown = [...document.querySelectorAll('[id^="record="]')].map((each) => +each.id.slice(7));
  const before = shown.filter((n) => n <= +record[1]);
  return document.getElementById(`record=${Math.max(...(before.length ? before : shown))}`);
}

function arrive() {
  marked?.classList.remove("here");
  marked = location.hash.length > 1 ? target(location.hash) : null;
  if (!marked) return;
  if (marked.localName === "section") return marked.scrollIntoView();
  marked.classList.add("here");
  if (marked.localName === "details") marked.open = true;
  show(marked);
  const row = marked.matches("details") ? marked.firstElementChild : marked;
  if (!row.matches("summary, a")) row.tabIndex = -1;
  row.focus({ preventScroll: true });
}

function search() {
  const wanted = field.value.trim().toLowerCase();
  blocks ??= [...document.querySelectorAll(".s, pre, .v, .bad, .thought, .act > b, tbody > tr")];
  hits = wanted ? blocks.filter((each) => each.textContent.toLowerCase().includes(wanted)) : [];
  at = -1;
  paint(wanted);
  if (wanted) go(1, false);
  else count.textContent = "";
}

function paint(wanted) {
  if (!window.Highlight) return;
  const ranges = [];
  for (const hit of wanted ? hits.slice(0, 2000) : []) {
    const texts = document.createTreeWalker(hit, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode.data.toLowerCase();
      if (text.length !== texts.currentNode.data.length) continue;
      for (let i = text.indexOf(wanted); i >= 0; i = text.indexOf(wanted, i + wanted.length)) {
        const range = new Range();
        range.setStart(texts.currentNode, i);
        range.setEnd(texts.currentNode, i + wanted.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function go(by, moves = true) {
  hits[at]?.classList.remove("hit");
  if (hits.length) {
    at = (at + by + hits.length) % hits.length;
    hits[at].classList.add("hit");
    show(hits[at]);
    if (moves) field.blur();
  }
  count.textContent = hits.length ? `${(at + 1).toLocaleString("en")} of ${hits.length.toLocaleString("en")}` : "not found";
}

function moveRow(row, key) {
  const box = row.localName === "summary" ? row.parentElement : null;
  const rows = [...document.querySelectorAll(".s")].filter((each) => each.checkVisibility());
  const index = rows.indexOf(row);
  let next = null;
  if (key === "ArrowDown" || key === "j") next = rows[index + 1];
  if (key === "ArrowUp" || key === "k") next = rows[index - 1];
  if (key === "ArrowRight" && box) { if (box.open) next = rows[index + 1]; else box.open = true; }
  if (key === "ArrowLeft") {
    if (box?.open) box.open = false;
    else next = row.parentElement.closest(box ? ".b" : "details")?.closest("details")?.firstElementChild;
  }
  if (next) {
    if (next.localName !== "summary") next.tabIndex = -1;
    next.focus();
  }
}

// The row of an element. After a link was opened the browser gives the focus to the page: the row is the link's.
function rowAt(element) {
  if (element !== document.body) return element.closest?.(".s");
  return marked?.matches(".s") ? marked : marked?.querySelector(":scope > .s");
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inField = event.target === field;
  const row = rowAt(event.target), mark = event.target.closest?.(".track a");
  const arrow = event.key.startsWith("Arrow") || event.key === "j" || event.key === "k";
  if (inField && event.key === "Enter") go(event.shiftKey ? -1 : 1, false);
  else if (inField && event.key === "Escape") { field.value = ""; search(); field.blur(); }
  else if (inField) return;
  else if (event.key === "/") field.focus();
  else if (event.key === "n" && hits.length) go(1);
  else if (event.key === "N" && hits.length) go(-1);
  else if (mark && event.key === "ArrowRight") mark.nextElementSibling?.focus();
  else if (mark && event.key === "ArrowLeft") mark.previousElementSibling?.focus?.();
  else if (row && arrow) moveRow(row, event.key);
  else if (row && event.key === "l") row.querySelector(".l")?.click();
  else return;
  event.preventDefault();
}

let waiting = 0;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
document.addEventListener("keydown", key);
addEventListener("hashchange", arrive);
arrive();
document.documentElement.classList.add("scripted");
