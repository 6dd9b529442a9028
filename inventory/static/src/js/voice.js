// The new balance, spoken, where the device itself can in the page's language; off until somebody wants it. Voices that are
// made elsewhere are none of ours: what lies in a store is not sent away to be read aloud.
const SETTING = "station:spoken";
const language = () => document.documentElement.lang.slice(0, 2);
const voice = () => window.speechSynthesis?.getVoices().find((one) => one.localService && one.lang.slice(0, 2).toLowerCase() === language());

export const isSpoken = () => localStorage.getItem(SETTING) === "1";
export const setSpoken = (isOn) => localStorage.setItem(SETTING, isOn ? "1" : "0");

/** Calls act() when the device has a voice, now or as soon as it has loaded them. */
export function whenAble(act) {
  const look = () => voice() && act();
  look();
  window.speechSynthesis?.addEventListener?.("voiceschanged", look);
}

/** What is new silences what is old. */
export function say(words) {
  const speaker = isSpoken() && voice();
  if (!speaker) return;
  window.speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(words);
  Object.assign(said, { voice: speaker, lang: speaker.lang });
  window.speechSynthesis.speak(said);
}
