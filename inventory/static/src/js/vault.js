// What a PIN opens without network: the key of whoever came in last, wrapped under a key that is derived from their PIN. It
// comes when they come in by PIN, and goes when they sign out, when somebody comes in without, or after wrong tries.
import * as satchel from "./satchel.js";

const ROUNDS = 600000;
const TRIES = 5;
const slot = (username) => `lock:${username}`;
const canWrap = () => Boolean(globalThis.crypto?.subtle);

async function derived(pin, salt) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A PIN was typed for the house to judge; should it be right, the person's key is wrapped under it. */
export async function expect(username, pin) {
  if (!canWrap()) return;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await satchel.setFact("pin", { username, salt, key: await derived(pin, salt) });
}

/** The person is in, with this key (32 bytes): by the PIN just typed, or without one. */
export async function wrap(username, raw) {
  const typed = await satchel.fact("pin");
  const isByPin = typed?.username === username;
  await satchel.setFact(slot(username), isByPin ? await wrapped(typed, raw) : null);
  await satchel.setFact("locker", isByPin ? username : null);
}

async function wrapped({ salt, key }, raw) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { salt, iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, raw), tries: 0 };
}

/** The PIN that was typed has served. */
export const forgetTyped = () => satchel.setFact("pin", null);

/** Nobody's PIN opens anything of this person here any more. */
export const forget = (username) => satchel.setFact(slot(username), null);

/** Who may come back without network: the person who was here when it was locked, and nobody else; null when nobody. */
export async function locked() {
  const username = await satchel.fact("locker");
  return username && canWrap() && !(await satchel.person()) && (await satchel.fact(slot(username))) ? username : null;
}

/** Whether this PIN is theirs; then their things can be read again. Each try is written down before it is made. */
export async function unlock(pin) {
  const username = await locked();
  if (!username) return false;
  const kept = await satchel.fact(slot(username));
  await satchel.setFact(slot(username), kept.tries + 1 < TRIES ? { ...kept, tries: kept.tries + 1 } : null);
  const key = await derived(pin, kept.salt);
  const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, key, kept.data).catch(() => null);
  if (!raw) return false;
  await satchel.setFact(slot(username), { ...kept, tries: 0 });
  await satchel.enter(username, new Uint8Array(raw));
  if ((await satchel.fact("left")) === username) await satchel.setFact("left", "");
  return true;
}
