// What happens to papers, told to every page of ours on this device and to ourselves.
const channel = globalThis.BroadcastChannel ? new BroadcastChannel("makhazine") : null;
const listeners = new Set();
channel?.addEventListener("message", (event) => listeners.forEach((listen) => listen(event.data)));

/** {what: "kept" | "sent" | "refused" | "changed" | "person", key, answer} */
export function tell(news) {
  channel?.postMessage(news);
  listeners.forEach((listen) => listen(news));
}

export function hear(listen) {
  listeners.add(listen);
}
