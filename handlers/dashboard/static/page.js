// The one script of the pages: they renew themselves when something has moved, and keys move in
// lists. Without it every page works, by hand.
"use strict";

const main = document.getElementById("main");
const sign = document.querySelector(".live");

function isBusy() {
  const at = document.activeElement;
  const writes = at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName);
  return Boolean(writes || main.querySelector("input:checked, details[open] input:focus"));
}

function say(words) {
  sign.hidden = !words;
  sign.textContent = words;
}

async function renew() {
  if (isBusy()) {
    say("有新情况，填完会更新");
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    say(answer.status === 401 ? "登录过期了，请刷新" : "连不上，稍后再试");
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = [...main.querySelectorAll("details")].map((one) => one.open);
  main.replaceChildren(...page.getElementById("main").childNodes);
  main.querySelectorAll("details").forEach((one, index) => { one.open = open[index] || one.open; });
  say("");
}

function watch() {
  const live = new EventSource("/live");
  let first = true;
  live.onmessage = () => {
    if (!first) renew().catch(() => say("连不上，稍后再试"));
    first = false;
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

document.addEventListener("keydown", pressed);
document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (main && main.dataset.live) watch();
const seconds = Number(main?.dataset.live);
if (seconds > 1) setInterval(() => renew().catch(() => say("连不上，稍后再试")), seconds * 1000);
