// The page of last resort, on a shared device that was locked: whoever locked it comes back by PIN, without network.
import * as satchel from "./satchel.js";
import * as vault from "./vault.js";
import { root } from "./page.js";

const room = document.querySelector("[data-unlock]");

async function offer() {
  const username = await vault.locked().catch(() => null);
  room.hidden = !username;
  room.querySelector("[data-who]").textContent = username ?? "";
}

if (room) {
  offer();
  room.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = room.querySelector("input");
    const isRight = await vault.unlock(field.value).catch(() => false);
    field.value = "";
    const back = (await satchel.fact("back")) ?? "";
    if (isRight) return location.assign(back.startsWith(`${root()}/station`) ? back : `${root()}/station`);
    room.querySelector("[data-wrong]").hidden = false;
    return offer();
  });
}
