// The lock of a shared device: a badge from a keyboard scanner or the camera fills its form and sends it; a PIN that is typed
// may later open this device without network.
import { Camera } from "./camera.js";
import { Reading } from "./reading.js";
import { listenToKeys } from "./scanner.js";
import * as vault from "./vault.js";

const BADGE = /^MKB[0-9A-Z]{26}$/;
const room = document.querySelector("[data-come-in]");
const badge = room?.querySelector("form[data-badge]");

/** The badge that a text is, as the house writes it; null when it is none. */
const badgeOf = (text) => BADGE.exec(text.trim().toUpperCase())?.[0] ?? null;

function found(text) {
  const code = badgeOf(text);
  if (!code) return;
  badge.querySelector("[name=badge]").value = code;
  badge.requestSubmit();
}

/** What a burst means here: a badge or nothing. */
const told = async (text) => ({ is: "answered", body: { kind: badgeOf(text) ? "badge" : "unknown" } });

if (badge) {
  const reading = new Reading(told, () => "");
  let turn = Promise.resolve();
  listenToKeys((burst) => {
    turn = turn.then(() => reading.of(burst, "")).then((reads) => reads.forEach((read) => found(read.code)));
  });
  const video = badge.querySelector("[data-eye]");
  const camera = new Camera(video, {
    worker: room.dataset.worker, found: (texts) => texts.forEach(found), again: () => {}, ended: () => { video.hidden = true; },
  });
  document.addEventListener("visibilitychange", () => document.hidden && camera.isOn && camera.stop());
  badge.querySelector("[data-look]").addEventListener("click", async () => {
    video.hidden = camera.isOn;
    if (camera.isOn) return camera.stop();
    return camera.start().catch(() => {
      camera.stop();
      video.hidden = true;
      const words = badge.querySelector(".help");
      words.textContent = room.dataset.cameraOff;
    });
  });
}

room?.querySelector("form[data-pin]")?.addEventListener("submit", async (event) => {
  const form = event.target;
  const username = form.querySelector("[name=username]:checked, [name=username][type=hidden]")?.value;
  const pin = form.querySelector("[name=pin]").value;
  if (!username || !pin) return;
  event.preventDefault();
  await vault.expect(username, pin).catch(() => {});
  form.submit();
});
