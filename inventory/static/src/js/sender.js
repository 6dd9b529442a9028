// Sends what waits, in the order in which it was made, one at a time on the whole device; in a page or in the worker.
// The house keeps each key for ever: what was sent twice is posted once.
import * as satchel from "./satchel.js";
import { now } from "./clock.js";
import { tell } from "./news.js";
import { ask } from "./wire.js";

const LATER = [401, 408, 425, 429]; // they speak of the sender or the moment, not of the paper
const LATER_CODES = ["csrf", "changed_meanwhile", "temporary_password"];

/** "done", or why something still waits: "unanswered", "signedOut", "other" (somebody else is signed in). */
export function send(api) {
  const round = () => goRound(api);
  return navigator.locks ? navigator.locks.request("makhazine:sender", round) : round();
}

async function goRound(api) {
  const username = await satchel.person();
  if (!username || !(await satchel.nextToSend(username))) return "done";
  const device = await ask(`${api}/station/device`);
  if (device.is === "unanswered" || !device.isGood) return device.status === 401 ? "signedOut" : "unanswered";
  if (device.body.username !== username) return "other";
  const token = device.body.csrf_token; // bound to this session: should somebody else sign in meanwhile, it opens nothing
  let after = 0;
  for (let paper; (paper = await satchel.nextToSend(username, after)); after = paper.seq) {
    const answer = await (paper.state === "aside" ? report : post)(api, paper, token);
    if (isForLater(answer)) return answer.status === 401 ? "signedOut" : "unanswered";
  }
  await satchel.forgetOldSent(username);
  return "done";
}

const isForLater = (answer) =>
  answer.is === "unanswered" || (!answer.isGood && (LATER.includes(answer.status) || LATER_CODES.includes(answer.body.code) || !answer.body.code));

/** Does something at once, for a page that shows what came of it. The key stays the caller's until it is answered. */
export async function act(api, call, body, key, language) {
  const device = await ask(`${api}/station/device`);
  if (!device.isGood) return device;
  return deliver(`${api}/${call}`, body, key, device.body.csrf_token, language);
}

function deliver(address, body, key, token, language) {
  return ask(address, {
    method: "POST", language, headers: { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": key },
    body: JSON.stringify(body),
  });
}

async function post(api, paper, token) {
  const content = await satchel.contentOf(paper);
  await satchel.change(paper.seq, { isTried: true });
  const answer = await deliver(`${api}/${paper.call ?? "documents"}`, content.paper, paper.key, token, paper.language);
  if (isForLater(answer)) return answer;
  if (answer.isGood) {
    const { id, number, reference } = answer.body;
    await satchel.change(paper.seq, { state: "sent", sentAt: now() }, { ...content, posted: { id, number, reference } });
    tell({ what: "sent", key: paper.key, answer });
    return answer;
  }
  // Who may no longer post is refused before the key is looked up: an earlier try may have arrived all the same.
  const isDoubtful = paper.isTried && answer.status === 403;
  const { status, body: { code, title, detail, errors } } = answer;
  await satchel.change(paper.seq, { state: "refused", isDoubtful }, { ...content, refusal: { status, code, title, detail, errors } });
  tell({ what: "refused", key: paper.key, answer, isDoubtful });
  return answer;
}

/** What a person gave up goes into the audit trail, then leaves the device. */
async function report(api, paper, token) {
  const content = await satchel.contentOf(paper);
  const answer = await deliver(`${api}/station/set-aside`, content.aside, content.asideKey, token, paper.language);
  if (isForLater(answer)) return answer;
  if (answer.isGood) await satchel.removePaper(paper.seq);
  else await satchel.change(paper.seq, { state: "refused" }, { ...content, refusal: { ...content.refusal, detail: answer.body.detail } });
  tell({ what: "changed", key: paper.key });
  return answer;
}
