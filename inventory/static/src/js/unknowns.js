// Codes that nothing bears: they wait beside the lines until somebody settles them.

export class Unknowns {
  #drawn = "";

  constructor({ room, list, template }) {
    Object.assign(this, { room, list, template });
  }

  /** Only when they changed: a button under a finger is never drawn anew. */
  draw(codes) {
    this.room.hidden = codes.length === 0;
    const mark = codes.join("\n");
    if (mark === this.#drawn) return;
    this.#drawn = mark;
    this.list.replaceChildren(...codes.map((code) => this.#line(code)));
  }

  #line(code) {
    const shown = this.template.content.firstElementChild.cloneNode(true);
    shown.querySelector("bdi").textContent = code;
    shown.querySelector("button").dataset.code = code;
    const door = shown.querySelector("a");
    if (door) door.href = `${door.getAttribute("href")}${encodeURIComponent(code)}`;
    return shown;
  }
}
