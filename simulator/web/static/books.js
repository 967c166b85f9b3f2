// What the page knows of the chats: fetched by polling, kept per source, counted for unread
// dots. What is on screen is asked for each tick, the rest each fourth: one inbox per person
// covers all her 1:1 chats, so a tick costs four to six small requests.

import * as api from "./api.js";
import { PRIVATE } from "./phone.js";

const COLD_EVERY = 4;

export class Books {
  #chats = new Map(); // "user|group" → messages; a card may look different to each member
  #inboxes = new Map(); // user → messages
  #seen = new Map(); // "user|chat" → how many messages of others were on screen
  #tick = 0;
  #clockBase = { world: 0, real: 0 };

  constructor(world) {
    this.fill(world);
  }

  fill(world) {
    this.world = world;
    this.setNow(world.now);
  }

  forget() {
    this.#chats.clear();
    this.#inboxes.clear();
    this.#seen.clear();
  }

  setNow(worldMs) {
    this.#clockBase = { world: worldMs, real: performance.now() };
  }

  /** The simulator's moment, flowing at 1× since it was last heard. */
  now() {
    return this.#clockBase.world + (performance.now() - this.#clockBase.real);
  }

  /** Fetch what `phones` need; `all` asks for the cold sources too, `everywhere` for all groups. */
  async refresh(phones, all = false, everywhere = false) {
    const cold = all || this.#tick % COLD_EVERY === 0;
    this.#tick += 1;
    const groups = new Set(everywhere ? this.world.allGroups().map((id) => `|${id}`) : []);
    const users = new Set();
    for (const phone of phones) {
      const ownGroups = this.world.groups(phone.user).map((chat) => chat.id);
      const showsGroup = ownGroups.includes(phone.view);
      if (showsGroup) {
        groups.add(`${phone.user}|${phone.view}`);
      }
      if (cold || !showsGroup) {
        users.add(phone.user);
      }
      if (cold) {
        ownGroups.forEach((id) => groups.add(`${phone.user}|${id}`));
      }
    }
    await Promise.all([
      ...[...groups].map(async (key) => this.#chats.set(key, await groupMessages(key))),
      ...[...users].map(async (id) => this.#inboxes.set(id, (await api.inbox(id)).messages)),
    ]);
  }

  messages(user, view) {
    if (view === PRIVATE) {
      return this.#inboxes.get(user) ?? [];
    }
    return this.#chats.get(`${user}|${view}`) ?? (this.#inboxes.get(user) ?? []).filter((message) => message.chat === view);
  }

  #isLoaded(user, view) {
    return this.world.groups(user).some((chat) => chat.id === view) ? this.#chats.has(`${user}|${view}`) : this.#inboxes.has(user);
  }

  #fromOthers(user, view) {
    return this.messages(user, view).filter((message) => message.from !== user).length;
  }

  #chatsBehind(user, view) {
    return view === PRIVATE ? this.world.singles(user).map((chat) => chat.id) : [view];
  }

  markSeen(user, view) {
    for (const chat of this.#chatsBehind(user, view)) {
      if (this.#isLoaded(user, chat)) {
        this.#seen.set(`${user}|${chat}`, this.#fromOthers(user, chat));
      }
    }
  }

  /** Messages of others since this view was last on screen; the first look counts as read. */
  unread(user, view) {
    let count = 0;
    for (const chat of this.#chatsBehind(user, view)) {
      if (!this.#isLoaded(user, chat)) {
        continue;
      }
      const key = `${user}|${chat}`;
      const others = this.#fromOthers(user, chat);
      if (!this.#seen.has(key)) {
        this.#seen.set(key, others);
      }
      count += Math.max(0, others - this.#seen.get(key));
    }
    return count;
  }

  /** The newest message of a view, or undefined. */
  latest(user, view) {
    return this.messages(user, view).at(-1);
  }

  /** The newest line that a resident wrote into a group that is being read here. */
  latestResidentLine() {
    let found;
    for (const messages of this.#chats.values()) {
      const line = messages.findLast((one) => this.world.people.get(one.from)?.role === "resident");
      if (line && (!found || Date.parse(line.at) > Date.parse(found.at))) {
        found = line;
      }
    }
    return found;
  }
}

async function groupMessages(key) {
  const [viewer, chat] = key.split("|");
  return (await api.chat(chat, viewer)).messages;
}
