// The control API of the simulator (docs/simulator.md), and nothing else: one function per
// request, each resolves with the parsed JSON or throws ApiError with a Chinese sentence.

export class ApiError extends Error {
  constructor(message, status, body) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }
}

const SENTENCES = {
  400: "模拟器看不懂这个请求",
  403: "这个人做不到：不在这个聊天里，或没有看到过这张卡片",
  404: "没有找到：这个人、聊天或卡片已经不在了",
  409: "模拟器正忙，请稍后再试",
  413: "内容太大了",
  504: "等了 60 秒还没有安静下来",
};

async function request(method, path, body) {
  const options = { method, cache: "no-cache", headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError("连不上模拟器，请看看终端里它还在不在", 0, null);
  }
  const text = await response.text();
  const parsed = parse(text);
  if (!response.ok) {
    throw new ApiError(explain(response.status, parsed), response.status, parsed);
  }
  if (parsed === undefined) {
    throw new ApiError("模拟器的回答不是 JSON", response.status, null);
  }
  return parsed;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(status, body) {
  const base = SENTENCES[status] ?? `模拟器回答 ${status}`;
  const waiting = body?.waiting_for;
  if (waiting) {
    return `${base}，还在等：${typeof waiting === "string" ? waiting : JSON.stringify(waiting)}`;
  }
  const detail = body?.error ?? body?.detail;
  return typeof detail === "string" ? `${base}（${detail}）` : base;
}

const id = encodeURIComponent;

export const world = () => request("GET", "/sim/world");
export const now = () => request("GET", "/sim/clock");
export const chat = (chatId, viewer) => request("GET", `/sim/chats/${id(chatId)}${viewer ? `?viewer=${id(viewer)}` : ""}`);
export const inbox = (user) => request("GET", `/sim/inbox/${id(user)}`);
export const errors = () => request("GET", "/sim/errors");
export const playState = () => request("GET", "/sim/play");
export const play = () => request("POST", "/sim/play", {});
export const reset = () => request("POST", "/sim/reset", {});
export const advance = (seconds) => request("POST", "/sim/clock", { advance_s: seconds });
export const say = (line) => request("POST", "/sim/say", { ...line, wait: false });
export const press = (touch) => request("POST", "/sim/press", { ...touch, wait: false });
