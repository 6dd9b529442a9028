"""A phone of the store: a Chromium with a folder of its own, whose battery can die and whose network can go."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Error, Page, expect

from tests.browser.conftest import ARGUMENTS, PHONE, executable, only_our_fonts
from tests.browser.counter import Counter
from tests.browser.store import Room, Store

LOCALES = {"ar": "ar-MA", "fr": "fr-FR", "en": "en-GB"}
OPEN = """
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const room = await done(indexedDB.open("makhazine"));
  const all = (name) => done(room.transaction(name).objectStore(name).getAll());
"""
LAID_IN = f"""async () => {{ {OPEN}
  const marks = (await all("kept")).filter((one) => one.what === "mark").map((one) => one.name);
  room.close();
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  const isServed = worker?.state === "activated" && Boolean(navigator.serviceWorker.controller);
  return isServed && marks.includes("pages") && marks.some((name) => name !== "pages");
}}"""
EVERYTHING = f"""async () => {{ {OPEN}
  const found = {{}};
  for (const name of room.objectStoreNames) found[name] = await all(name);
  room.close();
  for (const one of [...found.kept, ...found.papers]) {{
    if (!(one.box.data instanceof ArrayBuffer)) throw new Error("not sealed: " + JSON.stringify(one));
    one.box = new TextDecoder("latin1").decode(one.box.data);
  }}
  found.storage = JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
  return JSON.stringify(found);
}}"""
"""All that somebody with the device in hands could read: what is sealed must be bytes."""


class Device:
    """One device. `off` and `on` are its network; `die` is its battery."""

    def __init__(
        self, kind: BrowserType, folder: Path, store: Store, language: str = "fr", script: str = "", address: str = ""
    ) -> None:
        self.address = address or store.url
        self.kind, self.folder, self.store, self.language, self.script = kind, folder, store, language, script
        self.is_off = False
        folder.mkdir(parents=True, exist_ok=True)
        self.begin()

    def begin(self) -> None:
        """Switch it on; the network is as it was."""
        path, libraries = executable()
        environment: dict[str, Any] = os.environ | libraries | {"FONTCONFIG_FILE": str(only_our_fonts(self.folder))}
        self.context: BrowserContext = self.kind.launch_persistent_context(
            self.folder / "profile", executable_path=path, args=ARGUMENTS, env=environment, viewport=PHONE,
            locale=LOCALES[self.language], reduced_motion="reduce", timezone_id="Africa/Casablanca",
            base_url=self.address,
        )  # fmt: skip
        self.context.set_default_timeout(10_000)
        self.context.set_offline(self.is_off)
        if self.script:
            self.context.add_init_script(self.script)
        self.page: Page = self.context.pages[0]
        wire = self.context.browser.new_browser_cdp_session() if self.context.browser else None
        wire = wire or self.context.new_cdp_session(self.page)
        told = wire.send("SystemInfo.getProcessInfo")["processInfo"]
        self.process = next(one["id"] for one in told if one["type"] == "browser")

    def die(self) -> None:
        """The battery is empty: nothing is put away in order."""
        os.kill(self.process, signal.SIGKILL)
        with suppress(Error):
            self.context.close()

    def off(self) -> None:
        self.is_off = True
        self.context.set_offline(True)

    def on(self) -> None:
        self.is_off = False
        self.context.set_offline(False)

    def close(self) -> None:
        self.context.close()

    def enter(self, username: str, warehouse: str = "") -> None:
        """Somebody is signed in on it, as after the sign-in page."""
        self.context.clear_cookies()
        self.context.add_cookies([self.store.session(username, self.language, warehouse)])  # type: ignore[list-item]

    def station(self, room: Room, kind: str = "issue") -> Counter:
        self.page.goto(f"/station?kind={kind}&warehouse={room.code}")
        expect(self.page.locator("[data-station][data-ready]")).to_be_visible()
        return Counter(self.page, room)

    def lay_in(self) -> None:
        """Wait until the device has all it needs to be without network."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller")
        for _ in range(200):
            if self.page.evaluate(LAID_IN):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("The device did not lay in what it needs.")

    def everything(self) -> str:
        text: str = self.page.evaluate(EVERYTHING)
        return text

    @property
    def sign(self) -> str:
        """What the frame says of the network and of what waits."""
        return self.page.locator("[data-network]").inner_text()
