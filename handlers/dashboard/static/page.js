// The one script of the pages: they renew themselves when something has moved, and keys move in
// lists. Without it every page works, by hand.
"use strict";

const main = document.getElementById("main");
const sign = document.querySelector(".live");
const BUSY = "有新情况，填完会更新";

let isBehind = false;

function isWritten(field) {
  if (field.tagName === "SELECT") {
    const asked = [...field.options].some((one) => one.defaultSelected);
    return asked && [...field.options].some((one) => one.selected !== one.defaultSelected);
  }
  if (/^(checkbox|radio)$/.test(field.type)) return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

function isBusy() {
  const at = document.activeElement;
  if (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) return true;
  return [...main.querySelectorAll("input, select, textarea")].some(isWritten);
}

function say(words) {
  sign.hidden = !words;
  sign.textContent = words;
}

async function renew() {
  isBehind = isBusy();
  if (isBehind) return say(BUSY);
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    say(answer.status === 401 ? "登录过期了，请刷新" : "连不上，稍后再试");
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Somebody may have begun to write while the answer was on its way.
  isBehind = isBusy();
  if (isBehind) return say(BUSY);
  const open = [...main.querySelectorAll("details")].map((one) => one.open);
  const fresh = page.getElementById("main");
  main.dataset.moved = fresh.dataset.moved;
  // What a button was answered stays until the hand moves on; the page knows it only once.
  const said = fresh.querySelector(":scope > p.said") ? null : main.querySelector(":scope > p.said");
  main.replaceChildren(...(said ? [said] : []), ...fresh.childNodes);
  showCopies();
  main.querySelectorAll("details").forEach((one, index) => { one.open = open[index] || one.open; });
  say("");
}

function watch() {
  const live = new EventSource("/live");
  live.onmessage = (told) => {
    // The page carries the number it was made at: what moved since then, even before we listened.
    if (told.data !== main.dataset.moved) renew().catch(() => say("连不上，稍后再试"));
    main.dataset.watched = "1";
  };
  live.onopen = () => say("");
  live.onerror = () => say("连不上，正在重连");
}

function rows() {
  return [...document.querySelectorAll(".list tbody tr")];
}

function move(step) {
  const all = rows();
  const now = all.findIndex((row) => row.classList.contains("chosen"));
  const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
  if (!next) return;
  all.forEach((row) => row.classList.toggle("chosen", row === next));
  next.scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
  const chosen = document.querySelector(".list tr.chosen");
  const key = event.key.toLowerCase();
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "x") chosen?.querySelector("input[type=checkbox]")?.click();
  else if (key === "enter" && chosen && event.target === document.body) chosen.querySelector("a")?.click();
  else if (key === "/") {
    event.preventDefault();
    document.querySelector("input[type=search]")?.focus();
  }
}

function copying(button) {
  const words = document.getElementById(button.dataset.copy);
  const done = () => { button.textContent = "复制了"; };
  const byHand = () => { getSelection().selectAllChildren(words); button.textContent = "按 Ctrl+C 复制"; };
  if (navigator.clipboard) navigator.clipboard.writeText(words.textContent).then(done, byHand);
  else byHand();
}

function showCopies() {
  document.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copying(button);
});
showCopies();
document.addEventListener("keydown", pressed);
document.addEventListener("focusout", () => setTimeout(() => {
  if (isBehind && !isBusy()) renew().catch(() => say("连不上，稍后再试"));
}));
document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (main && main.dataset.live) watch();
const seconds = Number(main?.dataset.live);
if (seconds > 1) setInterval(() => renew().catch(() => say("连不上，稍后再试")), seconds * 1000);
