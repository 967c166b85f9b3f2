// A template card (模板卡片) as WeCom draws it: source, title, quote, fields, buttons. A card
// whose buttons no longer call back is greyed; a plain notice never had any and stays as it is.
// Called by messages.js for each message.

import { el } from "./dom.js";

/**
 * One card as an element.
 * `onPress(button, selected)` returns a promise; the buttons rest until it settles.
 */
export function cardElement(card, onPress) {
  const buttons = card.buttons ?? [];
  const live = card.live !== false;
  const isDone = !live && buttons.length > 0;
  const node = el(
    "section",
    { class: isDone ? "card card-done" : "card", "data-task": card.task_id, "aria-label": `卡片：${card.title ?? ""}` },
    card.source ? el("p", { class: "card-source" }, sourceText(card.source)) : null,
    el("h3", { class: "card-title" }, card.title ?? ""),
    ownText(card) ? el("p", { class: "card-text" }, ownText(card)) : null,
    quoteArea(card.quote),
    fieldList(card.fields),
  );
  node.append(...(card.questions ?? []).map((question) => questionElement(question, live)));
  node.append(buttons.length > 0 ? buttonRow(buttons, live, node, onPress) : el("div", { class: "card-end" }));
  return node;
}

function sourceText(source) {
  return typeof source === "string" ? source : (source.desc ?? "");
}

function quoteParts(quote) {
  return typeof quote === "string" ? ["", quote] : [quote.title ?? "", quote.quote_text ?? quote.text ?? ""];
}

/** The card's text without the quote that the control API appends to it. */
function ownText(card) {
  const text = card.text ?? "";
  const tail = card.quote ? quoteParts(card.quote).filter(Boolean).join("\n") : "";
  return tail && text.endsWith(tail) ? text.slice(0, -tail.length).trimEnd() : text;
}

function quoteArea(quote) {
  if (!quote) {
    return null;
  }
  const [title, text] = quoteParts(quote);
  return el(
    "blockquote",
    { class: "card-quote" },
    title ? el("strong", { class: "md-line" }, title) : null,
    text ? el("span", { class: "md-line" }, text) : null,
  );
}

function fieldList(fields) {
  const rows = Array.isArray(fields)
    ? fields.map((field) => [field.key ?? field.keyname, field.value])
    : Object.entries(fields ?? {});
  if (rows.length === 0) {
    return null;
  }
  const list = el("dl", { class: "card-fields" });
  for (const [key, value] of rows) {
    list.append(el("dt", {}, key), el("dd", {}, String(value ?? "")));
  }
  return list;
}

function questionElement(question, live) {
  const attributes = { class: "card-question", "data-question": question.key, disabled: !live };
  const title = el("legend", {}, question.title || "请选择");
  if (question.multiple) {
    return el(
      "fieldset",
      attributes,
      title,
      ...question.options.map((option) =>
        el("label", { class: "card-choice" }, el("input", { type: "checkbox", value: option.id }), option.text),
      ),
    );
  }
  const select = el(
    "select",
    { class: "field card-select", "aria-label": question.title || "请选择" },
    ...question.options.map((option) => el("option", { value: option.id }, option.text)),
  );
  return el("fieldset", attributes, title, select);
}

function buttonRow(buttons, live, card, onPress) {
  const row = el("div", { class: "card-buttons" });
  for (const [index, button] of buttons.entries()) {
    const style = button.style === 2 || (button.style === undefined && index === 0) ? "card-button card-button-main" : "card-button";
    row.append(
      el(
        "button",
        { type: "button", class: style, disabled: !live, "data-key": button.key, onclick: () => pressed(button) },
        button.text,
      ),
    );
  }
  const pressed = async (button) => {
    const all = [...row.querySelectorAll("button")];
    all.forEach((one) => (one.disabled = true));
    card.setAttribute("aria-busy", "true");
    try {
      await onPress(button, selected(card));
    } finally {
      card.removeAttribute("aria-busy");
      all.forEach((one) => (one.disabled = false));
    }
  };
  return row;
}

/** What is chosen: `{question key: [option ids]}`, undefined for a card without questions. */
function selected(card) {
  const answers = {};
  for (const question of card.querySelectorAll("[data-question]")) {
    const chosen = [...question.querySelectorAll("select, input:checked")];
    answers[question.dataset.question] = chosen.map((one) => one.value);
  }
  return Object.keys(answers).length > 0 ? answers : undefined;
}
