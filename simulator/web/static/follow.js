// While the sample day plays, the phones go where something happens: the resident who spoke
// last, the people who serve her grid, and the chat with the newest line. A phone in which
// somebody is writing stays where it is.

import { PRIVATE } from "./phone.js";

const CALM_MS = 2500;

export class Follow {
  #movedAt = new Map(); // phone number → moment of its last move
  #lastLine = null;
  #waiting = new Set(); // phones that have not yet gone to the last line

  constructor(desk) {
    this.desk = desk;
  }

  step() {
    const { books, world, phones } = this.desk;
    const line = books.latestResidentLine();
    if (line && line.msgid !== this.#lastLine) {
      this.#lastLine = line.msgid;
      this.#waiting = new Set(phones);
    }
    if (line) {
      this.#gather(line, world);
    }
    for (const phone of phones) {
      if (!this.#waiting.has(phone)) {
        this.#newest(phone, books, world);
      }
    }
  }

  #gather(line, world) {
    const grid = world.chats.get(line.chat)?.grid;
    for (const phone of this.#waiting) {
      const role = world.people.get(phone.user)?.role;
      const isResident = role === "resident";
      const stays = !isResident && (!grid || role === "command_room");
      const target = isResident ? [line.from, line.chat] : [world.serving(role, grid), PRIVATE];
      if (stays || this.#move(phone, ...target)) {
        this.#waiting.delete(phone);
      }
    }
  }

  #newest(phone, books, world) {
    if (world.people.get(phone.user)?.role !== "resident") {
      return;
    }
    const group = world.groups(phone.user)[0]?.id;
    const own = group && books.messages(phone.user, group).findLast((one) => one.from === phone.user || one.from === "bot");
    const single = books.latest(phone.user, PRIVATE);
    if (single && (!own || Date.parse(single.at) > Date.parse(own.at))) {
      this.#move(phone, phone.user, PRIVATE);
    } else if (own) {
      this.#move(phone, phone.user, group);
    }
  }

  #move(phone, user, view) {
    const now = performance.now();
    if (phone.user === user && phone.view === view) {
      return true;
    }
    if (phone.composer.busy || now - (this.#movedAt.get(phone.number) ?? -CALM_MS) < CALM_MS) {
      return false;
    }
    this.#movedAt.set(phone.number, now);
    phone.open(user, view);
    return true;
  }
}
