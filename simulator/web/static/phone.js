// One phone: whose it is, which of her chats is open, what is in it, what she may write. It
// asks the desk for messages (books.js) and speaks through api.js; main.js makes four of them.

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { MessageList, quoteText } from "./messages.js";

/** The view that merges a person's 1:1 chats by time. */
export const PRIVATE = "private";

export class Phone {
  constructor(number, world, books, onChange) {
    Object.assign(this, { number, world, books, onChange, user: null, view: null });
    this.face = el("span", { class: "avatar", "aria-hidden": "true" });
    this.who = el("select", { id: `phone-${number}-who`, class: "who" });
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "聊天" });
    this.list = new MessageList({
      onQuote: (message) => this.#quote(message),
      onPress: (message, button, selected) => this.#press(message, button, selected),
    });
    this.composer = new Composer(number, (line) => this.#say(line));
    this.element = el(
      "section",
      { class: "phone", "data-phone": String(number), "aria-label": `手机 ${number}` },
      el(
        "header",
        { class: "phone-head" },
        this.face,
        el("label", { class: "sr-only", for: this.who.id }, "这部手机是谁的"),
        this.who,
      ),
      this.tabs,
      this.list.element,
      this.composer.element,
    );
    this.who.addEventListener("change", () => this.open(this.who.value, null));
    this.tabs.addEventListener("keydown", (event) => this.#arrow(event));
    this.fill(world);
  }

  /** Take a new world (after a reset): the same person stays where she was, if she exists. */
  fill(world) {
    this.world = world;
    this.who.replaceChildren(
      ...world.sections().map(([label, people]) =>
        el("optgroup", { label }, ...people.map((person) => el("option", { value: person.id }, optionText(world, person)))),
      ),
    );
  }

  /** Show `user`'s phone with `view` open: a chat id, PRIVATE, or null for the usual one. */
  open(user, view) {
    const person = this.world.people.get(user);
    if (!person) {
      return;
    }
    const views = this.views(user);
    const next = views.some((one) => one.id === view) ? view : this.#usual(person, views);
    if (user === this.user && next === this.view) {
      return;
    }
    this.user = user;
    this.view = next;
    this.who.value = user;
    this.element.dataset.family = this.world.family(user);
    this.face.className = `avatar avatar-${this.world.colour(user)}`;
    this.face.textContent = [...person.name][0];
    this.list.clear();
    this.composer.open(`${user}|${next}`, {
      isGroup: this.#isGroup(),
      doors: next === PRIVATE ? this.world.singles(user).map(({ id }) => ({ id, name: this.world.chatName(id) })) : [],
    });
    this.draw();
    this.onChange();
  }

  #usual(person, views) {
    const group = views.find((one) => one.isGroup);
    return person.role === "resident" && group ? group.id : PRIVATE;
  }

  views(user) {
    const groups = this.world.groups(user).map((chat) => ({ id: chat.id, name: chat.name, isGroup: true }));
    const singles = this.world.singles(user).map((chat) => ({ id: chat.id, name: this.world.chatName(chat.id), isGroup: false }));
    const merged = singles.length > 1 ? [{ id: PRIVATE, name: "全部", isGroup: false }] : [];
    return [...groups, ...merged, ...singles];
  }

  #isGroup() {
    return this.world.groups(this.user).some((chat) => chat.id === this.view);
  }

  /** Draw tabs and messages from the books; cheap when nothing changed. */
  draw() {
    const messages = this.books.messages(this.user, this.view);
    this.books.markSeen(this.user, this.view);
    this.#drawTabs();
    this.list.show(messages, { user: this.user, mixed: this.view === PRIVATE, world: this.world, now: this.books.now() });
  }

  #drawTabs() {
    const views = this.views(this.user);
    const mark = JSON.stringify([this.user, this.view, views.map((one) => [one, this.books.unread(this.user, one.id)])]);
    if (mark === this.tabs.dataset.mark) {
      return;
    }
    const hadFocus = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(
      ...this.#tabRow("群聊", views.filter((one) => one.isGroup)),
      ...this.#tabRow("私信", views.filter((one) => !one.isGroup)),
    );
    this.tabs.dataset.mark = mark;
    if (hadFocus) {
      this.tabs.querySelector('[aria-selected="true"]')?.focus({ preventScroll: true });
    }
  }

  #tabRow(label, views) {
    return views.length === 0
      ? []
      : [el("div", { class: "tab-row", role: "presentation" }, el("span", { class: "tab-label", "aria-hidden": "true" }, label), ...views.map((one) => this.#tab(one)))];
  }

  #tab(view) {
    const isOpen = view.id === this.view;
    const unread = this.books.unread(this.user, view.id);
    return el(
      "button",
      {
        type: "button", role: "tab", class: "tab", "data-view": view.id,
        "aria-selected": String(isOpen), tabindex: isOpen ? "0" : "-1",
        onclick: () => this.open(this.user, view.id),
      },
      view.name,
      unread > 0 ? el("span", { class: "dot", "aria-label": `${unread} 条未读` }, unread > 99 ? "99+" : String(unread)) : null,
    );
  }

  #arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const views = this.views(this.user);
      const at = views.findIndex((one) => one.id === this.view);
      this.open(this.user, views[(at + step + views.length) % views.length].id);
      event.preventDefault();
    }
  }

  #quote(message) {
    this.composer.quote(message, quoteText(message, (id) => (id === "bot" ? this.world.botName(message.chat) : this.world.name(id))));
  }

  async #say({ text, mention, quote, image, door }) {
    const chat = door ?? this.view;
    const isGroup = this.#isGroup();
    try {
      const answer = await api.say({ chat, user: this.user, text, mention, quote, image });
      this.composer.say(answer.delivered ? "" : unheard(isGroup && !mention, answer.reason));
      this.list.toBottom();
      this.onChange();
      return true;
    } catch (error) {
      this.composer.say(error.message, true);
      return false;
    }
  }

  async #press(message, button, selected) {
    try {
      const answer = await api.press({ user: this.user, card: message.card.task_id, button: button.key, selected });
      this.composer.say(answer.delivered ? "" : "按下了，但没有送到机器人", !answer.delivered);
      this.onChange();
    } catch (error) {
      this.composer.say(error.message, true);
    }
  }
}

/** Why the bot does not know of a line that people see. */
function unheard(isUnmentioned, reason) {
  if (isUnmentioned) {
    return "群里看到了；没有@小警，机器人听不到";
  }
  return reason ? `机器人没有收到（${reason}）` : "机器人没有收到";
}

function optionText(world, person) {
  return `${person.name}（${world.roleLabel(person.id)}）`;
}
