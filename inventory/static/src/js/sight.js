// What lies under the eye. A code counts once, however long it lies there; bars are believed when they are seen twice; and codes
// that come into view together are told together.

const AGAIN = 3000; // ms in which the same code does not count again
const AWAY = 1500; // ms it must have been out of sight before: an unsharp look is no absence
const NEVER = -Infinity;

export class Sight {
  #seen = new Map();
  #ready = []; // believed at the look before: what lies beside them is now believed too

  /** One look: {counted, again} texts. `again`: those that came back too soon to be counted. */
  look(codes, now) {
    const counted = this.#ready;
    const again = [];
    this.#ready = [];
    for (const { text, isCertain } of codes) {
      const one = this.#noted(text, now, again);
      one.looks += 1;
      one.seenAt = now;
      if (one.countedAt !== NEVER || one.looks < (isCertain ? 1 : 2)) continue;
      one.countedAt = now;
      (counted.length ? counted : this.#ready).push(text);
    }
    return { counted, again };
  }

  #noted(text, now, again) {
    const known = this.#seen.get(text);
    const isBack = known && now - known.seenAt >= AWAY;
    if (known && isBack && now - known.countedAt < AGAIN) again.push(text);
    if (known && !(isBack && now - known.countedAt >= AGAIN)) return known;
    const fresh = { looks: 0, seenAt: now, countedAt: NEVER };
    this.#seen.set(text, fresh);
    return fresh;
  }
}
