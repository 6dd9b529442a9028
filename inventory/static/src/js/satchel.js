// What this device keeps, in IndexedDB: papers that wait, the lines on the table, pages and balances for when there is no
// network. Everything of a person is sealed under a key that is here only while that person is signed in on this device.
import { openDB } from "idb";

const SURE = { durability: "strict" }; // on the disk before we say so: a battery may be empty a moment later
const SENT_KEPT = 50;

let opened = null;
function room() {
  opened ??= openDB("makhazine", 1, {
    upgrade(made) {
      made.createObjectStore("keys", { keyPath: "username" });
      made.createObjectStore("kept", { keyPath: ["username", "what", "name"] });
      made.createObjectStore("papers", { keyPath: "seq", autoIncrement: true }).createIndex("key", "key", { unique: true });
      made.createObjectStore("facts", { keyPath: "name" });
    },
    blocking: (now, next, event) => { event.target.close(); opened = null; },
    terminated: () => { opened = null; },
  }).catch((fault) => { opened = null; throw fault; });
  return opened;
}

// – keys --------------------------------------------------------------------------------------------------------------

/** Without a secure address a browser has no cryptography: such a store keeps things as they are (see README). */
const canSeal = () => Boolean(globalThis.crypto?.subtle);

/** The person whose things can be read here now; null when nobody is signed in on this device. */
export async function person() {
  return (await (await room()).getAllKeys("keys"))[0] ?? null;
}

/** From now on this person's things can be read here, and nobody else's. `raw`: 32 bytes. */
export async function enter(username, raw) {
  const key = canSeal() ? await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  const change = (await room()).transaction("keys", "readwrite", SURE);
  await Promise.all([change.store.clear(), change.store.put({ username, key }), change.done]);
}

/** From now on nothing can be read here; what waits stays, sealed. A PIN that was typed goes too, but for that of `arriving`:
 *  in one step, or a page that is left half way would take with it the PIN by which somebody has just come in. */
export async function leave(arriving = null) {
  const change = (await room()).transaction(["keys", "facts"], "readwrite", SURE);
  const facts = change.objectStore("facts");
  const typed = await facts.get("pin");
  const isKept = arriving !== null && typed?.value?.username === arriving;
  await Promise.all([change.objectStore("keys").clear(), isKept ? null : facts.delete("pin"), change.done]);
}

const asBig = (name, value) => (typeof value === "bigint" ? { $big: String(value) } : value);
const fromBig = (name, value) => (typeof value?.$big === "string" ? BigInt(value.$big) : value);

async function keyOf(username) {
  const found = await (await room()).get("keys", username);
  if (!found) throw new Error("Nobody is signed in here under this name");
  return found.key;
}

async function seal(username, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, asBig);
  const key = await keyOf(username);
  if (!key) return { text };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text)) };
}

async function unseal(username, box) {
  const key = await keyOf(username);
  if (box.text !== undefined) return box.text;
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data));
}

// – things kept, each under its name --------------------------------------------------------------------------------------

/** Keeps a value (or a text as it is). `at`: of which instant it tells. */
export async function keep(username, what, name, value, at = 0) {
  const box = await seal(username, value);
  await (await room()).put("kept", { username, what, name, at, box });
}

/** The same, on the disk before it returns. */
export async function keepSurely(username, what, name, value) {
  const box = await seal(username, value);
  const change = (await room()).transaction("kept", "readwrite", SURE);
  await Promise.all([change.store.put({ username, what, name, at: 0, box }), change.done]);
}

/** {at, text} of what was kept under the name; null when there is nothing, or nothing that this person can read. */
export async function read(username, what, name) {
  const found = await (await room()).get("kept", [username, what, name]);
  if (!found) return null;
  const text = await unseal(username, found.box).catch(() => null);
  return text === null ? null : { at: found.at, text };
}

export const readValue = async (...asked) => {
  const found = await read(...asked);
  return found && JSON.parse(found.text, fromBig);
};

/** The names under which something of a kind is kept for a person, the newest first: [{name, at}]. */
export async function names(username, what) {
  const range = IDBKeyRange.bound([username, what], [username, what, []]);
  const all = await (await room()).getAll("kept", range);
  return all.map(({ name, at }) => ({ name, at })).sort((one, other) => other.at - one.at);
}

// – papers ------------------------------------------------------------------------------------------------------------

/** Keeps a paper and takes its lines from the table, both or neither. `told`: what may be read by anyone here. */
export async function addPaper(told, content, table) {
  const [box, cleared] = await Promise.all([seal(told.username, content), seal(told.username, table.value)]);
  const change = (await room()).transaction(["papers", "kept"], "readwrite", SURE);
  await Promise.all([
    change.objectStore("papers").add({ ...told, state: "waiting", isTried: false, box }),
    change.objectStore("kept").put({ username: told.username, what: "table", name: table.name, at: 0, box: cleared }),
    change.done,
  ]);
  globalThis.navigator?.storage?.persist?.().catch(() => {}); // a browser short of room asks us last
}

/** Puts a paper's lines back on the table and lets the paper go, both or neither. */
export async function takeBack(paper, table) {
  const box = await seal(paper.username, table.value);
  const change = (await room()).transaction(["papers", "kept"], "readwrite", SURE);
  await Promise.all([
    change.objectStore("papers").delete(paper.seq),
    change.objectStore("kept").put({ username: paper.username, what: "table", name: table.name, at: 0, box }),
    change.done,
  ]);
}

/** All papers here, of everybody, in the order in which they were made; their contents stay sealed. */
export async function papers() {
  return (await room()).getAll("papers");
}

export async function paperBy(key) {
  return (await room()).getFromIndex("papers", "key", key);
}

/** The next paper of a person that is to be sent, after one in the order; undefined when there is none. */
export async function nextToSend(username, after = 0) {
  const all = await (await room()).getAll("papers", IDBKeyRange.lowerBound(after, true));
  return all.find((one) => one.username === username && (one.state === "waiting" || one.state === "aside"));
}

export async function contentOf(paper) {
  return JSON.parse(await unseal(paper.username, paper.box), fromBig);
}

/** Changes what is said of a paper, and its content when that is given; nothing when the paper is gone. */
export async function change(seq, changes, content) {
  const known = await (await room()).get("papers", seq);
  const box = content === undefined || !known ? null : await seal(known.username, content);
  const writing = (await room()).transaction("papers", "readwrite", SURE);
  const now = await writing.store.get(seq);
  if (now) await writing.store.put({ ...now, ...changes, ...(box ? { box } : {}) });
  await writing.done;
}

export async function removePaper(seq) {
  await (await room()).delete("papers", seq);
}

/** Only the last papers that were sent stay, so that their provisional slip can be found again. */
export async function forgetOldSent(username) {
  const sent = (await papers()).filter((one) => one.username === username && one.state === "sent");
  for (const one of sent.slice(0, -SENT_KEPT)) await removePaper(one.seq);
}

// – facts of the device that are nobody's -----------------------------------------------------------------------------------

export const fact = async (name) => (await (await room()).get("facts", name))?.value;
export const setFact = async (name, value) => (await room()).put("facts", { name, value });
