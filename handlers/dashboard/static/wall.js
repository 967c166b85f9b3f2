// The wall screen notices by itself when the bot is gone: it asks every few seconds whether it
// lives and whether it is of use, and counts the minutes without any help from the server.
"use strict";

const away = document.querySelector(".away");
const EVERY_S = Number(away.dataset.every);
const PATIENCE_S = Number(away.dataset.patience);
const WORDS = {
  gone: "机器人失联",
  cut_off: "机器人连不上企业微信",
  late: "机器人办事慢了",
};
const since = {};

async function state() {
  try {
    const answer = await fetch("/readyz", {
      cache: "no-store", signal: AbortSignal.timeout(EVERY_S * 1000),
    });
    const told = await answer.json();
    if (told.ready) return "";
    return told.cut_off ? "cut_off" : "late";
  } catch {
    return "gone";
  }
}

function show(now) {
  const worst = Object.keys(WORDS).find((name) => since[name] && now - since[name] >= PATIENCE_S * 1000);
  away.hidden = !worst;
  if (!worst) return;
  const minutes = Math.floor((now - since[worst]) / 60000);
  const long = minutes ? ` ${minutes} 分钟` : "";
  away.textContent = `${WORDS[worst]}${long}。群里有急事，先打电话。`;
}

async function look() {
  const found = await state();
  const now = Date.now();
  for (const name of Object.keys(WORDS)) {
    since[name] = name === found ? since[name] || now : 0;
  }
  show(now);
}

look();
setInterval(look, EVERY_S * 1000);
