// The place to write in one phone. It is built once and never rebuilt: what somebody is typing
// survives polls, card updates and page reloads (drafts lie in sessionStorage, one per person
// and chat). Enter sends, Shift+Enter breaks the line, an input method's Enter does neither.

import { el, icon } from "./dom.js";

const LONGEST_SIDE_PX = 1280;
const KEY = "desk.draft";

export class Composer {
  #place = null; // "user|view"
  #quote = null;
  #image = null;
  #sending = false;

  /** `onSend({text, mention, quote, image, door})` resolves true when the line was taken. */
  constructor(number, onSend) {
    this.onSend = onSend;
    const id = (name) => `phone-${number}-${name}`;
    this.text = el("textarea", {
      id: id("text"), class: "write", rows: "1", placeholder: "说点什么…", enterkeyhint: "send", maxlength: "20000",
    });
    this.mention = el("input", { type: "checkbox", id: id("mention"), checked: true });
    this.mentionLabel = el(
      "label",
      { class: "switch switch-small" },
      this.mention,
      el("span", { class: "switch-track", "aria-hidden": "true" }),
      el("span", {}, "@小警"),
    );
    this.door = el("select", { id: id("door"), class: "field door" });
    this.doorLabel = el("label", { class: "door-label" }, el("span", {}, "发给"), this.door);
    this.file = el("input", { type: "file", id: id("image"), class: "sr-only", accept: "image/*" });
    this.attached = el("div", { class: "attached", hidden: true });
    this.send = el("button", { type: "submit", class: "btn btn-primary send" }, "发送");
    this.note = el("p", { class: "note", role: "status", "aria-live": "polite" });
    this.element = this.#form(id);
    this.#listen();
  }

  #form(id) {
    return el(
      "form",
      { class: "composer", autocomplete: "off" },
      this.attached,
      el("div", { class: "composer-options" }, this.mentionLabel, this.doorLabel, this.note),
      el(
        "div",
        { class: "composer-line" },
        this.file,
        el("label", { class: "icon-button", for: id("image"), title: "发图片" }, icon("image"), el("span", { class: "sr-only" }, "选图片")),
        el("label", { class: "sr-only", for: id("text") }, "要说的话"),
        this.text,
        this.send,
      ),
    );
  }

  #listen() {
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        this.#submit();
      }
    });
    this.text.addEventListener("input", () => {
      sessionStorage.setItem(`${KEY}.${this.#place}`, this.text.value);
      this.#grow();
    });
    this.file.addEventListener("change", () => this.#picked());
  }

  /** Move to another person or chat: its own draft comes back, quote and picture go. */
  open(place, { isGroup, doors }) {
    if (place === this.#place) {
      return;
    }
    this.#place = place;
    this.text.value = sessionStorage.getItem(`${KEY}.${place}`) ?? "";
    this.mentionLabel.hidden = !isGroup;
    this.mention.checked = true;
    this.doorLabel.hidden = doors.length === 0;
    this.door.replaceChildren(...doors.map(({ id, name }) => el("option", { value: id }, name)));
    this.#quote = null;
    this.#image = null;
    this.say("");
    this.#showAttached();
    this.#grow();
  }

  /** True while there is something here that must not be taken away. */
  get busy() {
    return this.text.value !== "" || this.#quote !== null || this.#image !== null || this.element.contains(document.activeElement);
  }

  /** Quote a message of the open chat; null takes the quote away. */
  quote(message, line) {
    this.#quote = message === null ? null : { msgid: message.msgid, line };
    if (message && !this.doorLabel.hidden) {
      this.door.value = message.chat;
    }
    this.#showAttached();
    this.text.focus({ preventScroll: true });
  }

  say(sentence, isTrouble = false) {
    this.note.textContent = sentence;
    this.note.title = sentence;
    this.note.classList.toggle("note-trouble", isTrouble);
  }

  async #submit() {
    const text = this.text.value.trim();
    if (this.#sending || (text === "" && this.#image === null)) {
      return;
    }
    const place = this.#place;
    const typed = this.text.value;
    this.#busyWith(true);
    try {
      const taken = await this.onSend({
        text,
        mention: !this.mentionLabel.hidden && this.mention.checked,
        quote: this.#quote?.msgid,
        image: this.#image?.base64,
        door: this.doorLabel.hidden ? null : this.door.value,
      });
      if (taken) {
        this.#forget(place, typed);
      }
    } finally {
      this.#busyWith(false);
    }
  }

  #forget(place, typed) {
    if (sessionStorage.getItem(`${KEY}.${place}`) === typed) {
      sessionStorage.removeItem(`${KEY}.${place}`);
    }
    if (this.#place === place) {
      this.text.value = this.text.value === typed ? "" : this.text.value;
      this.#quote = null;
      this.#image = null;
      this.#showAttached();
      this.#grow();
    }
  }

  #busyWith(isSending) {
    this.#sending = isSending;
    this.send.disabled = isSending;
  }

  async #picked() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) {
      return;
    }
    try {
      this.#image = await asPng(file);
      this.#showAttached();
      this.text.focus();
    } catch {
      this.say("这个文件不是能用的图片", true);
    }
  }

  #showAttached() {
    const rows = [];
    if (this.#quote) {
      rows.push(this.#attachedRow(el("span", { class: "attached-text" }, this.#quote.line), "去掉引用", () => (this.#quote = null)));
    }
    if (this.#image) {
      rows.push(this.#attachedRow(el("img", { src: this.#image.url, alt: "要发的图片" }), "去掉图片", () => (this.#image = null)));
    }
    this.attached.replaceChildren(...rows);
    this.attached.hidden = rows.length === 0;
  }

  #attachedRow(content, label, remove) {
    const drop = el("button", { type: "button", class: "icon-button", "aria-label": label }, icon("close"));
    drop.addEventListener("click", () => {
      remove();
      this.#showAttached();
      this.text.focus();
    });
    return el("div", { class: "attached-row" }, content, drop);
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 96)}px`;
  }
}

/** A picture as PNG, longest side 1280 px: what the control API takes. */
async function asPng(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL("image/png");
  return { url, base64: url.slice(url.indexOf(",") + 1) };
}
