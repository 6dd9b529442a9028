// What the ear and the hand are told: read (a tick), accepted (high, short), refused (low, twice), already known (neutral).

const TONES = {
  read: { notes: [[2400, 0, 0.02]], vibration: [8] },
  accepted: { notes: [[1320, 0, 0.09]], vibration: [40] },
  refused: { notes: [[220, 0, 0.16], [196, 0.22, 0.24]], vibration: [180, 80, 260] },
  already: { notes: [[660, 0, 0.12]], vibration: [20, 40, 20] },
};
const SETTING = "station:silent";
let audio = null;

export const isSilent = () => localStorage.getItem(SETTING) === "1";
export const setSilent = (isOff) => localStorage.setItem(SETTING, isOff ? "1" : "0");

/** Browsers let sound begin only after a touch; call it from one. */
export function wake() {
  audio ??= "AudioContext" in window ? new AudioContext() : null;
  if (audio?.state === "suspended") audio.resume();
}

export function sound(name) {
  const { notes, vibration } = TONES[name];
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(vibration); // before a touch browsers refuse it aloud
  if (isSilent()) return;
  wake();
  if (!audio || audio.state !== "running") return;
  for (const [pitch, after, long] of notes) {
    const begin = audio.currentTime + after;
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.type = name === "refused" ? "square" : "sine";
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, begin);
    level.gain.exponentialRampToValueAtTime(name === "refused" ? 0.25 : 0.5, begin + 0.01);
    level.gain.exponentialRampToValueAtTime(0.0001, begin + long);
    tone.connect(level).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + long + 0.02);
  }
}
