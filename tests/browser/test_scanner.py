"""Every way in which a code can come in two parts, with keys that are late, by a clock that only the test moves."""

from __future__ import annotations

import pytest

from tests.browser.test_sight import Script, script

__all__ = ["script"]


@pytest.mark.parametrize("code", ["APSPQTB588WV", "6111245030036"], ids=["ours", "maker's"])
def test_wherever_a_code_is_divided_and_late_it_is_one(script: Script, code: str) -> None:
    """A pause of the radio before any key, any key longer on its way than the listener waits, with and without Enter, a
    number typed before or none: it is read once, with its number, and nothing of it stays behind."""
    assert script("scanner", EVERY_WAY, code) == []


EVERY_WAY = """
  const code = given, SHORT_NUMBER = /^[0-9]{1,4}$/, lost = [];
  const { Reading } = await import("/src/reading.js");
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();

  let now, timers;
  window.setTimeout = (act, after) => { timers.push({ act, at: now + after }); return timers.at(-1); };
  window.clearTimeout = (timer) => { timers = timers.filter((one) => one !== timer); };
  const settle = async () => { for (let turn = 0; turn < 40; turn++) await null; };
  async function passUntil(moment) {
    for (;;) {
      const next = timers.reduce((first, one) => (one.at < (first?.at ?? moment) ? one : first), null);
      if (!next) break;
      clearTimeout(next);
      now = next.at;
      next.act();
      await settle();
    }
    now = moment;
  }

  async function press(key, pressedAt, comesAt) {
    await passUntil(comesAt);
    const name = key === "Enter" ? key : (/[0-9]/.test(key) ? "Digit" : "Key") + key;
    const set = { key, code: name, shiftKey: /^[A-Z]$/.test(key), bubbles: true, cancelable: true };
    const event = new KeyboardEvent("keydown", set);
    Object.defineProperty(event, "timeStamp", { value: pressedAt });
    if (field.dispatchEvent(event) && key !== "Enter") field.value += key;
  }

  async function read({ divided, pause, late, lateness, hasEnter, number, isEnterSeen }) {
    [now, timers, field.value] = [0, [], number];
    localStorage.clear();
    if (isEnterSeen) localStorage.setItem("scanner:enter", "1");
    const takeNumber = () => {
      const typed = SHORT_NUMBER.test(field.value) ? field.value : "";
      if (typed) field.value = "";
      return typed;
    };
    const ask = async (text) => ({ is: "answered", isGood: true, body: { kind: text === code ? "item" : "unknown" } });
    const reading = new Reading(ask, takeNumber);
    const [known, unknown] = [[], new Set()];
    let turn = Promise.resolve();
    const stop = module.listenToKeys((burst) => {
      const typed = takeNumber();
      turn = turn.then(async () => {
        for (const { code, answer, number, instead } of await reading.of(burst, typed)) {
          for (const part of instead) unknown.delete(part.code);
          answer.body.kind === "item" ? known.push(`${number}*${code}`) : unknown.add(code);
        }
      });
    });
    let [pressedAt, delay] = [5000, 0];
    for (const [place, key] of [...code, ...(hasEnter ? ["Enter"] : [])].entries()) {
      pressedAt += 8 + (place === divided ? pause : 0);
      delay += place === late ? lateness : 0;
      await press(key, pressedAt, pressedAt + delay);
    }
    await passUntil(now + 10000);
    await turn;
    stop();
    return `${known.join()} ${[...unknown].join()} ${field.value}`.trim();
  }

  for (const hasEnter of [true, false])
    for (const isEnterSeen of [true, false])
      for (const number of ["", "5"])
        for (let divided = 1; divided < code.length - !hasEnter; divided++) // else a last key may be a person's
          for (const pause of [140, 900])
            for (let late = 1; late < code.length + hasEnter; late++)
              for (const lateness of [200, 2500]) {
                const way = { divided, pause, late, lateness, hasEnter, number, isEnterSeen };
                const said = await read(way);
                if (said !== `${number}*${code}`) lost.push(`${JSON.stringify(way)}: ${said}`);
              }
  return lost;
"""
