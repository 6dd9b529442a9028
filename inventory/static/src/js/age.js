// How long ago, and at what time, in the language of the page and in Western digits.
const locale = () => ({ ar: "ar-MA-u-nu-latn", fr: "fr-FR", en: "en-GB" })[document.documentElement.lang.slice(0, 2)] ?? "fr-FR";
const UNITS = [["day", 86400000], ["hour", 3600000], ["minute", 60000]];

/** "10 min", "2 h", "3 j": the largest unit that fits, at least a minute. */
export function age(since, now) {
  const passed = Math.max(now - since, 60000);
  const [unit, size] = UNITS.find(([, one]) => passed >= one);
  const text = new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "short" }).format(Math.floor(passed / size));
  return `\u2068${text}\u2069`;
}

/** "25/11 10:42" */
export function moment(at, zone) {
  const text = new Intl.DateTimeFormat("fr-FR", { timeZone: zone || undefined, day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" }).format(at);
  return `\u2066${text}\u2069`;
}
