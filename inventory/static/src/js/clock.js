// The house's time on a device whose clock may be wrong by hours: the difference, measured at every answer, and kept.
import { fact, setFact } from "./satchel.js";

const WORTH_NOTING = 1500; // ms; an answer tells its second only
let difference = 0; // ms to add to this device's clock
export const ready = fact("clock").then((kept) => { difference = kept ?? 0; }).catch(() => {});

/** Learns from an answer's own date. `asked`: this device's clock when the question left. */
export function measure(answer, asked) {
  const told = Date.parse(answer.headers.get("date") ?? "");
  const now = Date.now();
  if (!told || now - asked > 10000) return;
  const found = told + 500 - (asked + now) / 2;
  if (Math.abs(found - difference) < WORTH_NOTING) return;
  difference = found;
  setFact("clock", found).catch(() => {});
}

/** Milliseconds since 1970, as the house counts them. */
export const now = () => Date.now() + difference;

/** The business day of this moment in the commune's time zone, as 2026-11-25. */
export const today = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now());
