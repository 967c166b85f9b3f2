// The list of messages in one phone. It is patched, never rebuilt, while the same view stays
// open: only new and changed messages touch the page, so scroll position, selection and focus
// survive each poll. Sticks to the bottom until somebody scrolls up.

import { cardElement } from "./card.js";
import { el, icon } from "./dom.js";
import { markdown, plain } from "./richtext.js";
import { stamp } from "./time.js";

const NEAR_BOTTOM_PX = 48;
const GAP_MS = 5 * 60 * 1000;

export class MessageList {
  #nodes = new Map(); // msgid → {node, mark}
  #stick = true;

  /** `hooks`: onQuote(message), onPress(message, button, selected). */
  constructor(hooks) {
    this.hooks = hooks;
    this.list = el("ol", { class: "messages", tabindex: "0", role: "log", "aria-label": "聊天记录", "aria-live": "off" });
    this.pill = el(
      "button",
      { type: "button", class: "new-pill", hidden: true, onclick: () => this.toBottom() },
      icon("down"),
      "新消息",
    );
    this.element = el("div", { class: "messages-frame" }, this.list, this.pill);
    this.list.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#stick && this.toBottom()).observe(this.list);
  }

  clear() {
    this.list.replaceChildren();
    this.#nodes.clear();
    this.#stick = true;
    this.pill.hidden = true;
  }

  /** Show these messages; `view` = {user, mixed, world, now}. */
  show(messages, view) {
    const byId = new Map(messages.map((message) => [message.msgid, message]));
    if ([...this.#nodes.keys()].some((msgid) => !byId.has(msgid))) {
      this.clear(); // the simulator was reset: other messages, other numbers
    }
    const before = this.#nodes.size;
    let previous = null;
    for (const [index, message] of messages.entries()) {
      this.#place(message, index, previous, byId, view);
      previous = message;
    }
    this.#settle(messages, before, view);
  }

  toBottom() {
    this.list.scrollTop = this.list.scrollHeight;
    this.#stick = true;
    this.pill.hidden = true;
  }

  #settle(messages, before, view) {
    this.list.classList.toggle("messages-empty", messages.length === 0);
    if (this.#stick) {
      this.toBottom();
    } else if (messages.length > before && messages.at(-1).from !== view.user) {
      this.pill.hidden = false;
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    this.#stick = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.#stick) {
      this.pill.hidden = true;
    }
  }

  #place(message, index, previous, byId, view) {
    const quoted = typeof message.quote === "string" ? byId.get(message.quote) : (message.quote ?? undefined);
    const mark = JSON.stringify([message, quoted?.text, startsBlock(message, previous)]);
    const old = this.#nodes.get(message.msgid);
    if (old?.mark === mark) {
      return;
    }
    const node = this.#row(message, previous, quoted, view);
    if (old) {
      replaceKeepingFocus(old.node, node);
    } else {
      this.list.insertBefore(node, this.list.children[index] ?? null);
    }
    this.#nodes.set(message.msgid, { node, mark });
  }

  #row(message, previous, quoted, view) {
    const own = message.from === view.user;
    const fromBot = message.from === "bot";
    const name = fromBot ? view.world.botName(message.chat) : view.world.name(message.from);
    const parts = el("div", { class: "parts" });
    if (!own) {
      parts.append(this.#byline(message, name, fromBot, view));
    } else if (view.mixed) {
      parts.append(el("p", { class: "byline" }, `发给 ${view.world.chatName(message.chat)}`));
    }
    parts.append(...this.#contents(message, quoted, fromBot, view));
    return el(
      "li",
      { class: own ? "row row-own" : "row", "data-msgid": message.msgid },
      startsBlock(message, previous) ? el("p", { class: "stamp" }, stamp(Date.parse(message.at), view.now)) : null,
      el("div", { class: "row-body" }, avatar(name, fromBot ? "bot" : view.world.colour(message.from)), parts),
    );
  }

  #byline(message, name, fromBot, view) {
    const role = fromBot ? "机器人" : view.world.roleLabel(message.from);
    return el("p", { class: "byline" }, `${name} `, el("span", { class: "byline-role" }, role));
  }

  #contents(message, quoted, fromBot, view) {
    const shown = [];
    const nameOf = (id) => view.world.name(id);
    if (message.text && !message.card) {
      const content = fromBot ? markdown(message.text, nameOf) : plain(message.text);
      shown.push(
        el(
          "div",
          { class: "bubble", title: "点一下引用这句", onclick: () => this.#tapped(message) },
          quoted ? el("blockquote", { class: "bubble-quote" }, quoteText(quoted, nameOf)) : null,
          ...content,
        ),
      );
    }
    const source = imageSource(message.image);
    if (source) {
      const picture = el("img", { class: "photo", src: source, alt: "图片" });
      picture.addEventListener("load", () => this.#stick && this.toBottom());
      shown.push(picture);
    }
    if (message.card) {
      shown.push(cardElement(message.card, (button, selected) => this.hooks.onPress(message, button, selected)));
    }
    shown.push(
      el(
        "button",
        { type: "button", class: "quote-button", "aria-label": `引用${nameOf(message.from)}的消息`, onclick: () => this.hooks.onQuote(message) },
        "引用",
      ),
    );
    return shown;
  }

  #tapped(message) {
    if (String(window.getSelection()) === "") {
      this.hooks.onQuote(message);
    }
  }
}

function startsBlock(message, previous) {
  return previous === null || Date.parse(message.at) - Date.parse(previous.at) >= GAP_MS;
}

function avatar(name, colour) {
  return el("span", { class: `avatar avatar-${colour}`, "aria-hidden": "true" }, colour === "bot" ? "警" : [...name][0]);
}

/** One line that says what is quoted. */
export function quoteText(message, nameOf) {
  const text = message.card?.title || message.text || "[图片]";
  const short = [...text].slice(0, 40).join("");
  const who = message.from ? `${nameOf(message.from)}：` : "";
  return `${who}${short}${short.length < text.length ? "…" : ""}`;
}

/** Pictures lie at the simulator itself, under their media_id; nothing else is ever loaded. */
function imageSource(image) {
  return image ? `/media/${encodeURIComponent(image)}` : null;
}

function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.dataset.key;
  old.replaceWith(fresh);
  if (focused) {
    const again = key === undefined ? null : [...fresh.querySelectorAll("button[data-key]")].find((one) => one.dataset.key === key);
    (again && !again.disabled ? again : fresh.querySelector(".quote-button")).focus({ preventScroll: true });
  }
}
