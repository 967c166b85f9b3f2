// The page beside the chat: send by one tap where WeCom's client lets us, copy where it does not.
// A draft of one group must never land in another: the send button shows only in its own chat.
"use strict";

(() => {
  const said = document.querySelector("#said");
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const inWeCom = /wxwork/i.test(navigator.userAgent) && typeof ww !== "undefined";
  const REFRESH_MS = 15000;
  let busy = false;

  const tell = (words) => {
    said.textContent = words;
  };

  const signature = (kind) => async (url) => {
    const query = new URLSearchParams({ kind, url: url || location.href.split("#")[0] });
    const answer = await fetch(`/sidebar/signature?${query}`);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };

  const tidy = () => {
    every("section[data-chat]").forEach((group) => {
      if (!group.querySelector(".draft")) group.remove();
    });
    const left = every("section[data-chat]").some((group) => !group.hidden);
    document.querySelector("#empty").hidden = left;
  };

  const mark = async (form) => {
    const draft = form.closest(".draft");
    every("button", draft).forEach((button) => (button.disabled = true));
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (answer && answer.ok) {
      draft.remove();
      tidy();
      tell("记下了。");
      return;
    }
    every("button", draft).forEach((button) => (button.disabled = false));
    tell(answer ? await answer.text() : "网络不通，没记上，请再点一次。");
  };

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const send = async (draft, button) => {
    busy = true;
    button.disabled = true;
    const content = draft.querySelector(".words").textContent;
    try {
      await ww.sendChatMessage({ msgtype: "text", text: { content } });
      await mark(draft.querySelector("form[action$='/sent']"));
    } catch {
      button.disabled = false;
      draft.querySelector(".copy").hidden = false;
      tell("没发出去，请点“复制”，粘到群里，再点“已发出”。");
    } finally {
      busy = false;
    }
  };

  const onlyThisChat = (chat) => {
    every("section[data-chat]").forEach((group) => {
      group.hidden = group.dataset.chat !== chat;
      every(".send", group).forEach((button) => (button.hidden = group.hidden));
      every(".copy", group).forEach((button) => (button.hidden = true));
    });
    tidy();
  };

  const askWhichChat = async () => {
    ww.register({
      corpId: document.body.dataset.corp,
      agentId: document.body.dataset.agent,
      jsApiList: ["getCurExternalChat", "sendChatMessage"],
      getConfigSignature: signature("config"),
      getAgentConfigSignature: signature("agent"),
    });
    const found = await ww.getCurExternalChat();
    if (found && found.chatId) onlyThisChat(found.chatId);
  };

  every(".draft").forEach((draft) => {
    const copy = draft.querySelector(".copy");
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      busy = true;
      const done = await copied(draft.querySelector(".words").textContent);
      copy.textContent = done ? "已复制" : "复制";
      tell(done ? "已复制。粘到群里发出后，点“已发出”。" : "复制不了，请长按上面那句话自己复制。");
    });
    const button = draft.querySelector(".send");
    button.addEventListener("click", () => send(draft, button));
  });
  every("form").forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      mark(form);
    });
  });
  if (inWeCom) askWhichChat().catch(() => tell("没认出是哪个群，请用“复制”。"));
  setInterval(() => {
    if (!busy && document.visibilityState === "visible") location.reload();
  }, REFRESH_MS);
  document.body.classList.add("ready");
})();
