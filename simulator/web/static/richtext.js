// The small markdown subset that WeCom shows in a bot's message: bold, headings, quotes, three
// colours, mentions; links stay plain text. Everything becomes text nodes (see dom.js).

import { el } from "./dom.js";

const INLINE = /\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\(([^)\s]+)\)|<font color="(info|comment|warning)">([^<]*)<\/font>|<@([\w.@-]+)>|`([^`\n]+)`/g;

/** What a person typed: no markup at all, only the name she called stands out. */
export function plain(text) {
  const [called] = /^(@[^\s@]{1,12}\s)+/.exec(text) ?? [""];
  return [el("span", { class: "md-mention" }, called), text.slice(called.length)].filter((part) => part.textContent !== "");
}

/** What the bot said, as nodes to append. */
export function markdown(text, nameOf) {
  const nodes = [];
  let quote = [];
  const closeQuote = () => {
    if (quote.length > 0) {
      nodes.push(el("blockquote", { class: "md-quote" }, ...joinLines(quote, nameOf)));
      quote = [];
    }
  };
  for (const line of text.split("\n")) {
    const quoted = /^>\s?(.*)$/.exec(line);
    if (quoted) {
      quote.push(quoted[1]);
      continue;
    }
    closeQuote();
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const tag = heading ? "strong" : "span";
    nodes.push(el(tag, { class: "md-line" }, ...inline(heading ? heading[1] : line, nameOf)));
  }
  closeQuote();
  return nodes;
}

function joinLines(lines, nameOf) {
  return lines.map((line) => el("span", { class: "md-line" }, ...inline(line, nameOf)));
}

function inline(text, nameOf) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(from, match.index), inlineNode(match, nameOf));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

function inlineNode([, bold, label, url, colour, coloured, mentioned, code], nameOf) {
  if (bold !== undefined) {
    return el("strong", {}, bold);
  }
  if (label !== undefined) {
    return el("span", { class: "md-link" }, label === url ? url : `${label}（${url}）`);
  }
  if (colour !== undefined) {
    return el("span", { class: `md-${colour}` }, coloured);
  }
  if (mentioned !== undefined) {
    return el("span", { class: "md-mention" }, `@${nameOf(mentioned)}`);
  }
  return el("code", { class: "md-code" }, code);
}
