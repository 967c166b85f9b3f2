// The rehearsal desk (演练台): four phones over one simulated WeCom, a clock and a sample day.
// One loop polls and draws; nothing else touches the network except what somebody presses.

import * as api from "./api.js";
import { Books } from "./books.js";
import { Follow } from "./follow.js";
import { World } from "./people.js";
import { Phone } from "./phone.js";
import { Topbar } from "./topbar.js";

const POLL_MS = 700;
const LOST_MS = 2000;
const SLOW_EVERY = 3;
const LAYOUT = "desk.layout";

class Desk {
  #tick = 0;
  #working = null;
  #again = false;

  async start() {
    this.phones = [];
    this.world = new World(await api.world());
    this.books = new Books(this.world);
    this.topbar = new Topbar(this);
    this.topbar.fill(this.world);
    this.follow = new Follow(this);
    const places = savedLayout(this.world) ?? this.world.firstPeople().map((user) => [user, null]);
    for (const [index, [user, view]] of places.entries()) {
      const phone = new Phone(index + 1, this.world, this.books, () => this.#changed());
      document.getElementById("phones").append(phone.element);
      phone.open(user, view);
      this.phones.push(phone);
    }
    document.body.classList.add("ready");
    this.#loop();
  }

  /** Everything afresh after a reset of the simulator. */
  async restart() {
    this.world = new World(await api.world());
    this.books.fill(this.world);
    this.books.forget();
    this.topbar.fill(this.world);
    for (const phone of this.phones) {
      phone.fill(this.world);
      phone.who.value = phone.user;
      phone.list.clear();
    }
  }

  /** Fetch and draw now; calls during a fetch become one more round after it. */
  async refresh(all = true) {
    if (this.#working) {
      this.#again = true;
      return this.#working;
    }
    this.#working = this.#round(all).finally(() => (this.#working = null));
    await this.#working;
    if (this.#again) {
      this.#again = false;
      await this.refresh(true);
    }
    return undefined;
  }

  async #round(all) {
    try {
      const follows = this.topbar.running && document.getElementById("follow").checked;
      await Promise.all([this.books.refresh(this.phones, all, follows), this.#slow(all)]);
      this.phones.forEach((phone) => phone.draw());
      if (follows) {
        this.follow.step();
      }
      this.isLost = false;
    } catch (error) {
      this.isLost = true;
      this.topbar.lost(error);
    }
  }

  async #slow(all) {
    const isTurn = this.#tick % SLOW_EVERY === 0;
    this.#tick += 1;
    if (all || isTurn || this.topbar.running) {
      await this.topbar.refresh();
    }
    if (isTurn) {
      this.books.setNow(Date.parse((await api.now()).now));
    }
  }

  async #loop() {
    if (!document.hidden) {
      await this.refresh(false);
    }
    setTimeout(() => this.#loop(), this.isLost ? LOST_MS : POLL_MS);
  }

  #changed() {
    sessionStorage.setItem(LAYOUT, JSON.stringify(this.phones.map((phone) => [phone.user, phone.view])));
    if (document.body.classList.contains("ready")) {
      this.refresh();
    }
  }
}

/** Where the phones stood before the page was loaded again, if those people still exist. */
function savedLayout(world) {
  try {
    const places = JSON.parse(sessionStorage.getItem(LAYOUT));
    const isGood = Array.isArray(places) && places.length === 4 && places.every(([user]) => world.people.has(user));
    return isGood ? places : null;
  } catch {
    return null;
  }
}

async function begin() {
  try {
    await new Desk().start();
  } catch (error) {
    document.getElementById("play-line").textContent = error.message;
    document.body.classList.add("lost");
    setTimeout(() => location.reload(), LOST_MS);
  }
}

begin();
