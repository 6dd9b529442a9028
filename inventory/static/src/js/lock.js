// The lock of a shared device: a badge from a keyboard scanner or the camera fills its form and sends it; a PIN that is typed
// may later open this device without network.
import { Camera } from "./camera.js";
import { TOGETHER, listenToKeys } from "./scanner.js";
import * as vault from "./vault.js";

const BADGE = /^MKB[0-9A-Z]{26}$/;
const room = document.querySelector("[data-come-in]");
const badge = room?.querySelector("form[data-badge]");

/** Whether it is a badge, which is then sent. */
function found(text) {
  const code = text.trim().toUpperCase();
  if (!badge || !BADGE.test(code)) return false;
  badge.querySelector("[name=badge]").value = code;
  badge.requestSubmit();
  return true;
}

let open = { runs: [], endedAt: -Infinity }; // the beginning, perhaps, of what comes: a radio or a busy device divided it

function heard({ leads, parts, begunAt, endedAt, hasEnter }) {
  const before = begunAt - open.endedAt < TOGETHER ? open.runs : [];
  const runs = [...before, ...leads, ...parts];
  const isBadge = runs.some((_, from) => found(runs.slice(from).map((run) => run.physical).join("")));
  open = { runs: hasEnter || isBadge ? [] : runs, endedAt };
}

if (badge) {
  listenToKeys(heard);
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
