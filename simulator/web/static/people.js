// The world as the page needs it: who there is, which chats each has, what things are called.

export const ROLE_LABELS = {
  resident: "群众",
  contact: "联系人",
  grid_worker: "网格员",
  micro_worker: "微网格员",
  grid_leader: "网格长",
  assistant: "助理",
  auxiliary: "辅警",
  officer: "社区民警",
  narcotics: "禁毒民警",
  inspector: "督察",
  legal_officer: "法制员",
  department: "职能部门",
  department_lead: "部门负责人",
  mediator: "调解员",
  command_room: "指挥室",
  analyst: "研判员",
  leader: "所领导",
  supervisor: "督导",
  admin: "管理员",
  auditor: "审计员",
};

const SECTIONS = [
  ["群众", ["resident", "contact"]],
  ["网格", ["grid_worker", "micro_worker", "grid_leader", "mediator"]],
  ["公安", ["officer", "auxiliary", "assistant", "narcotics", "inspector", "legal_officer"]],
  ["指挥与领导", ["command_room", "analyst", "leader", "supervisor", "admin", "auditor"]],
  ["部门", ["department", "department_lead"]],
];

const COLOURS = 6;

const DOOR_NAMES = { bot: "小警", app: "应用", ge: "小格", kf: "客服" };

/** The colour of the line above a phone: whose world this is. */
const FAMILIES = { 群众: "resident", 网格: "grid", 公安: "police", 指挥与领导: "command", 部门: "department" };

/** Four people to begin with: a resident and those who would serve her. */
const FIRST_ROLES = ["resident", "grid_worker", "officer", "command_room"];

export class World {
  constructor(json) {
    this.people = new Map(json.people.map((person) => [person.id, person]));
    this.chats = new Map(json.chats.map((chat) => [chat.id, chat]));
    this.now = Date.parse(json.now);
    this.web = typeof json.web === "string" ? json.web : null;
  }

  name(userId) {
    return userId === "bot" ? "小警" : (this.people.get(userId)?.name ?? userId);
  }

  /** Number of the avatar's colour; neighbours in the roster differ. */
  colour(userId) {
    return [...this.people.keys()].indexOf(userId) % COLOURS;
  }

  roleLabel(userId) {
    const person = this.people.get(userId);
    return person ? (ROLE_LABELS[person.role] ?? person.role) : "";
  }

  grids(userId) {
    const person = this.people.get(userId);
    return [person?.grids ?? person?.grid ?? []].flat().filter(Boolean);
  }

  allGroups() {
    return [...this.chats.values()].filter((chat) => !isPrivate(chat.kind)).map((chat) => chat.id);
  }

  groups(userId) {
    return this.#chatsOf(userId).filter((chat) => !isPrivate(chat.kind));
  }

  singles(userId) {
    return this.#chatsOf(userId).filter((chat) => isPrivate(chat.kind));
  }

  #chatsOf(userId) {
    return [...this.chats.values()].filter((chat) => chat.members?.includes(userId));
  }

  /** What a person calls a chat: a group's name, or who sits on the other side. */
  chatName(chatId) {
    const chat = this.chats.get(chatId);
    if (chat && !isPrivate(chat.kind)) {
      return chat.name;
    }
    return DOOR_NAMES[chatId.split(":")[0]] ?? chat?.name ?? chatId;
  }

  /** Who speaks for us in a chat: 小警 in groups, the door's own name in private. */
  botName(chatId) {
    const chat = this.chats.get(chatId);
    return chat && !isPrivate(chat.kind) ? "小警" : this.chatName(chatId);
  }

  family(userId) {
    const role = this.people.get(userId)?.role;
    const [label] = SECTIONS.find(([, roles]) => roles.includes(role)) ?? [];
    return FAMILIES[label] ?? "department";
  }

  sections() {
    const all = [...this.people.values()];
    const known = new Set(SECTIONS.flatMap(([, roles]) => roles));
    const sections = SECTIONS.map(([label, roles]) => [
      label,
      roles.flatMap((role) => all.filter((person) => person.role === role)),
    ]);
    sections.push(["其他", all.filter((person) => !known.has(person.role))]);
    return sections.filter(([, people]) => people.length > 0);
  }

  firstPeople() {
    const all = [...this.people.values()];
    const resident = all.find((person) => person.role === "resident" && this.groups(person.id).length > 0);
    const grids = resident ? this.grids(resident.id) : [];
    return FIRST_ROLES.map(
      (role) => (role === "resident" && resident?.id) || this.serving(role, grids[0]) || all[0]?.id,
    );
  }

  /** The person with this role who works in this grid, else anybody with the role. */
  serving(role, grid) {
    const all = [...this.people.values()].filter((person) => person.role === role);
    return (all.find((person) => this.grids(person.id).includes(grid)) ?? all[0])?.id;
  }
}

export function isPrivate(kind) {
  return kind === "single" || kind === "kf";
}
