// The list of what waits on this device: to be sent, refused until a person settles it, and sent with its number.
import * as satchel from "./satchel.js";
import { age, moment } from "./age.js";
import * as clock from "./clock.js";
import { hear, tell } from "./news.js";
import { username } from "./page.js";
import { present } from "./presence.js";
import { count, go, standing } from "./rounds.js";
import { keepPages } from "./larder.js";
import * as quantity from "./quantity.js";
import { shortForm } from "./slip.js";
import { newKey } from "./tally.js";

const ORDER = { refused: 0, waiting: 1, aside: 1, sent: 2 };

/** Where each kind is put right, and where it stands once it was sent. */
const WAY = { slip: "?kind=issue", count: "/count" };
const ROOM = { slip: "slips", count: "counts" };

class Waiting {
  constructor(root) {
    this.root = root;
    this.set = root.dataset;
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this[act](Number(event.target.closest("[data-seq]")?.dataset.seq));
    });
    this.part("asideForm").addEventListener("submit", (event) => this.giveUp(event));
    present().then(() => {
      hear(() => this.draw());
      this.draw();
      keepPages([], document.documentElement.lang).catch(() => {});
    });
    setInterval(() => this.draw(), 20000);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  word(name, values = {}) {
    return this.part("words").querySelector(`[data-word="${name}"]`).textContent.trim().replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  }

  /** One drawing after the other; only the last one asked for counts. */
  async draw() {
    const mine = (this.drawing = {});
    const all = (await satchel.papers()).filter((one) => one.username === username());
    const { others, waiting } = await count();
    const shown = await Promise.all(all.map(async (paper) => ({ paper, content: await satchel.contentOf(paper).catch(() => null) })));
    if (mine !== this.drawing) return;
    shown.sort((one, other) => ORDER[one.paper.state] - ORDER[other.paper.state] || one.paper.seq - other.paper.seq);
    for (const state of ["refused", "waiting", "sent"]) {
      const here = shown.filter(({ paper }) => (paper.state === "aside" ? "waiting" : paper.state) === state);
      this.part(state).hidden = !here.length;
      this.part(`${state}List`).replaceChildren(...(state === "sent" ? here.reverse() : here).map((one) => this.#paper(one)));
    }
    this.part("nothing").hidden = shown.some(({ paper }) => paper.state !== "sent");
    this.part("others").hidden = !others;
    this.part("others").querySelector("[data-words]").textContent = this.word("others", { count: others });
    this.part("standing").textContent = waiting && standing !== "done" ? this.word(standing) : "";
    this.part("sendNow").hidden = !waiting;
  }

  #paper({ paper, content }) {
    const shown = this.part("paper").content.firstElementChild.cloneNode(true);
    const put = (name, text) => { shown.querySelector(`[data-field="${name}"]`).textContent = text; };
    shown.dataset.seq = paper.seq;
    shown.dataset.state = paper.state;
    put("kind", this.word(`kind-${paper.kind}`));
    put("short", shortForm(paper.key));
    put("made", `${moment(paper.madeAt, this.set.zone)} · ${age(paper.madeAt, clock.now())}`);
    put("where", [paper.warehouse, content?.party].filter(Boolean).join(" · "));
    put("why", content ? this.#why(paper, content) : this.word("unreadable"));
    const lines = content?.table.lines ?? [];
    shown.querySelector("[data-lines]").replaceChildren(...[...lines].reverse().map((line) => this.#line(line)));
    for (const button of shown.querySelectorAll("[data-for]")) button.hidden = !button.dataset.for.split(" ").includes(paper.state) || (button.hasAttribute("data-sure") && paper.isDoubtful);
    const [correct, open] = [shown.querySelector("[data-field=correct]"), shown.querySelector("[data-field=open]")];
    correct.href = `${this.set.station}${WAY[paper.kind] ?? `?kind=${paper.kind}`}${paper.kind === "count" ? "?" : "&"}${new URLSearchParams({ warehouse: paper.warehouse, correct: paper.key })}`;
    if (content?.posted) {
      open.href = `${this.set[ROOM[paper.kind] ?? "papers"]}${encodeURIComponent(content.posted.id)}`;
      put("number", content.posted.reference ?? content.posted.number ?? this.word("openIt"));
    }
    return shown;
  }

  #why(paper, { refusal, table }) {
    if (paper.state === "aside") return this.word("givenUp");
    if (paper.state !== "refused") return "";
    const name = (error) => { const at = /\/lines\/(\d+)/.exec(error.pointer ?? ""); return at ? [...table.lines].reverse()[Number(at[1])]?.item.name : ""; };
    const lines = (refusal.errors ?? []).map((error) => [name(error), error.detail].filter(Boolean).join(": "));
    return [...new Set([lines.length ? "" : refusal.detail || refusal.title, ...lines, paper.isDoubtful ? this.word("doubtful") : ""])].filter(Boolean).join(" ");
  }

  #line(line) {
    const shown = this.part("line").content.firstElementChild.cloneNode(true);
    const numbers = line.first ? `${line.first}–${line.last}` : "";
    const texts = { name: line.item.name, lot: [line.lot, numbers].filter(Boolean).join(" "), quantity: numbers ? "" : `${quantity.shown(line.quantity)} ${line.packaging?.name ?? line.item.unitName ?? line.item.unit}` };
    for (const [field, text] of Object.entries(texts)) shown.querySelector(`[data-field="${field}"]`).textContent = text;
    return shown;
  }

  send() {
    return go();
  }

  /** The same paper with the same key: what was missing may be there by now. */
  async again(seq) {
    await satchel.change(seq, { state: "waiting" });
    tell({ what: "changed" });
    return go();
  }

  aside(seq) {
    this.given = seq;
    this.part("reason").value = "";
    this.part("asideDialog").showModal();
  }

  /** Kept as given up, told to the audit trail when the network is back, and only then gone from here. */
  async giveUp(event) {
    event.preventDefault();
    const reason = this.part("reason").value.trim();
    const paper = (await satchel.papers()).find((one) => one.seq === this.given);
    if (!reason || paper?.state !== "refused") return;
    const content = await satchel.contentOf(paper);
    const lines = content.paper.lines.map((line) => ({ item: line.item, quantity: line.quantity ?? `${line.first_number}–${line.last_number}`, lot: line.lot ?? "" }));
    const aside = { paper: paper.key, kind: paper.kind, warehouse: paper.warehouse, made_at: new Date(paper.madeAt).toISOString(), refusal: (content.refusal.detail ?? "").slice(0, 500), reason, lines };
    await satchel.change(paper.seq, { state: "aside" }, { ...content, aside, asideKey: newKey() });
    this.part("asideDialog").close();
    tell({ what: "changed" });
    await go();
  }
}

document.querySelectorAll("[data-waiting-list]").forEach((root) => new Waiting(root));
