// A keyboard scanner types a code as a person would, only faster, and as if the keyboard were American.
// So we read the physical keys (event.code): AZERTY, QWERTY and Arabic layouts then give the same text.

const GAP = 50; // ms between two keys of one burst; a person needs about 100
const SILENCE = 130; // ms after which a burst without Enter is taken as ended
const SHORTEST = 4;
const SURE = 3; // quick keys after which it is a scanner, and a hiccup of its radio no longer divides the code

const PLAIN = { Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Backquote: "`~", Comma: ",<", Period: ".>", Slash: "/?", IntlBackslash: "<>", Space: "  ",
  NumpadDivide: "//", NumpadMultiply: "**", NumpadSubtract: "--", NumpadAdd: "++", NumpadDecimal: ".." };
const OVER_DIGITS = ")!@#$%^&*(";
const GROUP_SEPARATOR = "\u001d"; // between the parts of a GS1 code; scanners send it as Ctrl+] or F8

/** The character an American keyboard would give for this key, "" for none. */
export function physical(event) {
  const { code, shiftKey } = event;
  if (code === "F8" || (event.ctrlKey && code === "BracketRight")) return GROUP_SEPARATOR;
  if (event.ctrlKey || event.altKey || event.metaKey) return "";
  if (!code) return event.key?.length === 1 ? event.key : "";
  if (/^Key[A-Z]$/.test(code)) return shiftKey !== event.getModifierState("CapsLock") ? code[3] : code[3].toLowerCase();
  if (/^Digit\d$/.test(code)) return shiftKey ? OVER_DIGITS[code[5]] : code[5];
  if (/^Numpad\d$/.test(code)) return code[6];
  return PLAIN[code]?.[shiftKey ? 1 : 0] ?? "";
}

/** Listens to the whole page; calls found(physicalText, typedText) for each burst. Returns a function that stops it. */
export function listenToKeys(found) {
  let burst = null;

  const start = (event) => {
    const field = document.activeElement;
    const isField = field?.matches?.("input, textarea");
    burst = { physical: "", typed: "", held: "", last: event.timeStamp, field: isField ? field : null, value: isField ? field.value : "", timer: 0 };
  };
  // The first keys had reached the field that has the focus before we knew: it gets its own text back.
  const restore = () => {
    if (burst.field?.isConnected && burst.field.value !== burst.value) {
      burst.field.value = burst.value;
      burst.field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  // It was a person after all, with quick fingers: what we held back is written where it was meant.
  const release = () => {
    clearTimeout(burst.timer);
    const { field, held } = burst;
    burst = null;
    if (!held || !field?.isConnected || field !== document.activeElement || field.readOnly) return;
    if (field.setRangeText && field.selectionStart !== null) field.setRangeText(held, field.selectionStart, field.selectionEnd, "end");
    else field.value += held;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const isBurst = () => burst && burst.physical.length >= SHORTEST;
  const end = () => {
    const { physical: code, typed } = burst;
    clearTimeout(burst.timer);
    restore();
    burst = null;
    found(code, typed);
  };

  const onKey = (event) => {
    if (event.isComposing || ["Shift", "CapsLock", "Control", "Alt", "AltGraph", "Meta"].includes(event.key)) return;
    const isQuick = burst && event.timeStamp - burst.last < (burst.physical.length >= SURE ? SILENCE : GAP);
    if (event.key === "Enter" || event.key === "Tab") {
      if (isBurst() && event.timeStamp - burst.last < SILENCE) {
        event.preventDefault();
        event.stopImmediatePropagation();
        end();
      } else if (burst) release();
      return;
    }
    const character = physical(event);
    if (!character) return;
    if (!isQuick) {
      if (burst) release();
      start(event);
    }
    burst.physical += character;
    burst.typed += event.key.length === 1 ? event.key : character === GROUP_SEPARATOR ? character : "";
    burst.last = event.timeStamp;
    clearTimeout(burst.timer);
    if (burst.physical.length < SURE) return;
    event.preventDefault();
    if (event.key.length === 1) burst.held += event.key;
    burst.timer = setTimeout(() => (isBurst() ? end() : release()), SILENCE);
  };
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}
