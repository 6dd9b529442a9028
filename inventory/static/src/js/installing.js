// The worker that keeps the stores on this device; on secure addresses, and only where somebody is signed in.
import { root, username } from "./page.js";

if (username() && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(`${root()}/sw.js`, { scope: `${root()}/`, updateViaCache: "none" }).catch(() => {});
}
