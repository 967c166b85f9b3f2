// Clock, sample day, protocol errors, reset: everything above the phones.

import * as api from "./api.js";
import { el } from "./dom.js";
import { clockDate, clockTime, secondsToMorning, spanText, stamp } from "./time.js";

const at = (id) => document.getElementById(id);

export class Topbar {
  #errors = null;
  #wasRunning = false;
  #isMoving = false;
  #lost = false;

  /** `desk`: refresh(), restart(), books. */
  constructor(desk) {
    this.desk = desk;
    this.running = false;
    for (const button of document.querySelectorAll("[data-advance]")) {
      button.addEventListener("click", () => this.#advance(Number(button.dataset.advance)));
    }
    at("to-morning").addEventListener("click", () => this.#advance(secondsToMorning(this.desk.books.now())));
    at("advance-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#advance(at("advance-count").valueAsNumber * Number(at("advance-unit").value));
    });
    at("play").addEventListener("click", () => this.#play());
    at("errors").addEventListener("click", () => this.#showErrors());
    at("reset").addEventListener("click", () => at("reset-dialog").showModal());
    at("reset-dialog").addEventListener("close", () => at("reset-dialog").returnValue === "reset" && this.#reset());
    setInterval(() => this.drawClock(), 250);
  }

  fill(world) {
    const isWeb = world.web !== null && /^https?:\/\//.test(world.web);
    at("tickets-link").hidden = !isWeb;
    if (isWeb) {
      at("tickets-link").href = world.web;
    }
  }

  drawClock() {
    const now = this.desk.books.now();
    setText(at("clock-time"), clockTime(now));
    setText(at("clock-date"), clockDate(now));
  }

  /** Ask for errors and the state of the sample day. */
  async refresh() {
    const [errors, play] = await Promise.all([api.errors(), api.playState()]);
    this.#drawErrors(errors);
    this.#drawPlay(play);
    this.#found();
  }

  /** Say that the simulator does not answer; the next good answer takes it back. */
  lost(error) {
    this.#lost = true;
    document.body.classList.add("lost");
    this.#line(error.message);
  }

  #found() {
    if (this.#lost) {
      this.#lost = false;
      document.body.classList.remove("lost");
      this.#line("模拟器又连上了。");
    }
  }

  #drawErrors(errors) {
    this.#errors = errors;
    const tag = at("errors");
    setText(tag, `协议 ${errors.length} 错`);
    tag.classList.toggle("tag-good", errors.length === 0);
    tag.classList.toggle("tag-bad", errors.length > 0);
  }

  #drawPlay(play) {
    this.running = Boolean(play.running);
    const failed = Array.isArray(play.failed) ? play.failed.length > 0 : Boolean(play.failed);
    const [word, tone] = playWord(play, failed);
    const tag = at("play-state");
    setText(tag, word);
    tag.classList.toggle("tag-busy", this.running);
    tag.classList.toggle("tag-good", word === "已演完");
    tag.classList.toggle("tag-bad", tone === "bad");
    at("play").disabled = this.running || this.#isMoving;
    setText(at("play"), this.running ? "正在播放…" : "播放示范日");
    if (play.line && (this.running || this.#wasRunning)) {
      this.#line(play.line);
    }
    this.#wasRunning = this.running;
  }

  async #advance(seconds) {
    if (!(seconds > 0)) {
      return;
    }
    await this.#moving(`正在推进 ${spanText(seconds)}，到点的事逐件发生…`, async () => {
      const answer = await api.advance(seconds);
      if (typeof answer.now === "string") {
        this.desk.books.setNow(Date.parse(answer.now));
      }
      this.drawClock();
      this.#line(`时钟往前走了 ${spanText(seconds)}，现在 ${clockTime(this.desk.books.now()).slice(0, 5)}。`);
    });
  }

  async #play() {
    at("play").disabled = true;
    try {
      await api.play();
      this.#wasRunning = true;
      this.#line("示范日开始…");
      await this.desk.refresh();
    } catch (error) {
      at("play").disabled = false;
      this.#line(error.message);
    }
  }

  async #reset() {
    await this.#moving("正在清空并重新启动机器人…", async () => {
      await api.reset();
      await this.desk.restart();
      this.#line("重新开始了，一切从头来。");
    });
  }

  async #moving(sentence, work) {
    this.#isMoving = true;
    this.#line(sentence);
    this.#enable(false);
    try {
      await work();
    } catch (error) {
      this.#line(error.message);
    } finally {
      this.#isMoving = false;
      this.#enable(true);
      this.desk.refresh();
    }
  }

  #enable(isOn) {
    document.querySelector(".clock").setAttribute("aria-busy", String(!isOn));
    for (const button of document.querySelectorAll(".clock button, #play, #reset")) {
      button.disabled = !isOn;
    }
  }

  #line(sentence) {
    setText(at("play-line"), sentence);
    at("play-line").title = sentence;
  }

  #showErrors() {
    const errors = this.#errors ?? [];
    at("errors-body").replaceChildren(
      errors.length === 0
        ? el("p", { class: "all-good" }, "没有。到现在为止，机器人的每次调用都合规矩。")
        : el("ol", { class: "error-list" }, ...errors.map((one) => this.#errorRow(one))),
    );
    at("errors-dialog").showModal();
  }

  #errorRow(error) {
    const when = error.at ? stamp(Date.parse(error.at), this.desk.books.now()) : "";
    const detail = typeof error.detail === "string" ? error.detail : JSON.stringify(error.detail ?? "");
    return el(
      "li",
      {},
      el("strong", {}, [when, error.door, error.rule].filter(Boolean).join(" · ")),
      error.trap ? el("span", { class: "error-trap" }, `坑 ${error.trap}`) : null,
      el("p", {}, detail),
    );
  }
}

function playWord(play, failed) {
  if (play.running) {
    return ["播放中", "busy"];
  }
  if (failed) {
    return ["未通过", "bad"];
  }
  return play.done ? ["已演完", "good"] : ["未播放", "idle"];
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
