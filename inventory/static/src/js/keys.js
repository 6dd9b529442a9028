// What a key says. A keyboard scanner types as if the keyboard were American: its characters stand in the physical keys
// (event.code), whatever layout, AZERTY or Arabic, this computer lays over them; what that makes of them is kept beside.

/** Between the parts of a GS1 code; scanners send it as Ctrl+], F8, or Alt+029. */
export const GROUP_SEPARATOR = "\u001d";

const PLAIN = { Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Backquote: "`~", Comma: ",<", Period: ".>", Slash: "/?", IntlBackslash: "<>", Space: "  ",
  NumpadDivide: "//", NumpadMultiply: "**", NumpadSubtract: "--", NumpadAdd: "++", NumpadDecimal: ".." };
const OVER_DIGITS = ")!@#$%^&*(";
const MUTE = ["Shift", "CapsLock", "Control", "Alt", "AltGraph", "Meta"];
const ENDS = { KeyJ: "LF", KeyM: "CR" }; // with Ctrl, from scanners that send control characters

/** The character an American keyboard would give for this key, "" for none. */
function physical(event) {
  const { code, shiftKey } = event;
  if (code === "F8" || (event.ctrlKey && code === "BracketRight")) return GROUP_SEPARATOR;
  if (event.ctrlKey || event.altKey || event.metaKey) return "";
  if (!code) return event.key?.length === 1 ? event.key : "";
  if (/^Key[A-Z]$/.test(code)) return shiftKey !== event.getModifierState("CapsLock") ? code[3] : code[3].toLowerCase();
  if (/^Digit\d$/.test(code)) return shiftKey ? OVER_DIGITS[code[5]] : code[5];
  if (/^Numpad\d$/.test(code)) return code[6];
  return PLAIN[code]?.[shiftKey ? 1 : 0] ?? "";
}

/** What this computer's layout makes of it; AltGr, which counts as Ctrl and Alt, is part of typing. */
function typed(event) {
  const isShortcut = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  return event.key?.length === 1 && !isShortcut ? event.key : "";
}

/** Reads the keys of one page, one event after the other. */
export class Keys {
  #number = ""; // being typed on the numeric keypad under Alt: such scanners care for no layout

  /** What a keydown or keyup brings: {physical, typed} characters, {end: "Enter" | "Tab" | "CR" | "LF"}, {isPart: true} of a
   *  character whose number is being typed; null for nothing. */
  read(event) {
    if (event.type === "keyup") return event.key === "Alt" && this.#number ? this.#numbered() : null;
    if (event.isComposing || event.repeat || MUTE.includes(event.key)) return null;
    if (event.altKey && /^Numpad\d$/.test(event.code)) {
      this.#number += event.code[6];
      return { isPart: true };
    }
    if (event.key === "Enter" || event.key === "Tab") return { end: event.key };
    if (event.ctrlKey && event.code in ENDS) return { end: ENDS[event.code] };
    const said = { physical: physical(event), typed: typed(event) };
    if (said.physical === GROUP_SEPARATOR) said.typed = GROUP_SEPARATOR;
    return said.physical || said.typed ? said : null;
  }

  #numbered() {
    const number = Number(this.#number);
    this.#number = "";
    if (number === 13 || number === 10) return { end: number === 13 ? "CR" : "LF" };
    const character = (number > 31 && number < 127) || number === 29 ? String.fromCharCode(number) : "";
    return character ? { physical: character, typed: character } : null;
  }
}
