"""The screens of which pictures are taken: who looks at what, and what was done there before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Page

Before = Callable[[Page], None]

BAD_ROWS = (
    "code;désignation;unité;famille;prix\n"
    "NEW-1;Serpillière;unité;Entretien;12,50\n"
    ";Sans code;unité;Entretien;4\n"
    "NEW-2;;;Entretien;x\n"
    "NEW-3;Éponge;unité;Entretien;3,00\n"
)
GOOD_ROWS = "code;désignation;unité;famille\n{0}-7;Raclette;unité;Entretien\n{0}-8;Seau 12 L;unité;Entretien\n"
"""{0}: something new each time, for what was imported once is not written again."""


@dataclass(frozen=True)
class Screen:
    """A screen, who looks at it ("" is nobody), and what was done on it before the picture.

    ``status`` is what the address answers; ``store`` is "fresh" for a house in which nothing was done yet.
    """

    name: str
    username: str
    address: str
    before: Before | None = None
    is_whole: bool = True
    status: int = 200
    store: str = "demo"


def first(selector: str) -> Before:
    """Follow the first door of that kind."""

    def follow(page: Page) -> None:
        page.goto(str(page.locator(selector).first.get_attribute("href")))

    return follow


def pressed(selector: str) -> Before:
    """Press something and look at the page that follows."""

    def press(page: Page) -> None:
        with page.expect_event("load"):
            page.locator(selector).first.click()

    return press


def labels_printed(*, is_job: bool = False) -> Before:
    """Print one label of each thing, and look at the log, or at that print."""
    send = """async () => {
      const form = document.querySelector("form.is-paper");
      await fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
    }"""

    def look(page: Page) -> None:
        page.goto("/labels?search=gant&ones=1")
        page.evaluate(send)
        page.goto("/labels/log")
        if is_job:
            first("main tr[data-href] a")(page)

    return look


def scanned(*codes: str) -> Before:
    def scan(page: Page) -> None:
        page.evaluate("new Promise((done) => { indexedDB.deleteDatabase('makhazine').onsuccess = done; })")
        page.reload()
        page.locator(".station[data-ready]").wait_for()
        for code in codes:
            page.locator("[data-part=announce]").evaluate("(one) => { one.textContent = ''; }")
            page.locator("[data-part=code]").fill(code)
            page.locator("[data-part=code]").press("Enter")
            page.locator("[data-part=announce]:not(:empty)").wait_for(state="attached")
        page.locator("[data-part=code]").blur()

    return scan


def wanting(*, is_asked: bool = False, is_written: bool = False) -> Before:
    """An issue of more than the books have; ``is_asked``: the slip's question stands open, or it is written."""
    choose = """() => {
      const field = document.querySelector("[name=service]");
      field.value = "BCH";
      field.dispatchEvent(new Event("change", {bubbles: true}));
    }"""

    def want(page: Page) -> None:
        scanned("MAG", "BMH-003", "BMH-007", "9999")(page)
        page.evaluate(choose)
        if is_asked or is_written:
            page.locator("[data-act=regularise]").click()
            page.locator("[data-part=receiver]").fill("Saïd, équipe de la voirie")
        if is_written:
            page.locator("[data-part=receiver]").press("Enter")
            page.locator("[data-part=slipWritten]").wait_for()

    return want


def slip_shown(*, is_list: bool = False) -> Before:
    def show(page: Page) -> None:
        wanting(is_written=True)(page)
        page.goto("/slips")
        if not is_list:
            first("main tr[data-href] a")(page)

    return show


def counted(*, is_done: bool = False, then: str = "") -> Before:
    def count(page: Page) -> None:
        scanned("MAG", "FOB-001", "40", "FOB-003", "3")(page)
        if is_done or then:
            page.locator("[data-part=post]").click()
            page.locator("[data-part=confirm] [data-act=post]").click()
            page.locator("[data-part=compared]").wait_for()
        if then:
            page.goto("/counts")
        if then == "count":
            first("main tr[data-href] a")(page)

    return count


def sent(content: str, *, is_imported: bool = False) -> Before:
    """Send a spreadsheet; ``is_imported``: and import what was read."""

    def send(page: Page) -> None:
        file = {"name": "articles.csv", "mimeType": "text/csv", "buffer": content.format(uuid4().hex[:6]).encode()}
        page.locator("[name=what][value=items]").check()
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        page.locator("form:has(input[type=file]) button").last.click()
        page.wait_for_url(re.compile(r"/imports/[\w-]+$"))
        if is_imported:
            with page.expect_event("load"):
                page.locator("form[action$='/items'] button").first.click()

    return send


def verdict(page: Page) -> None:
    """What the code on the first paper says to whoever is not signed in."""
    first("main a[href*='/documents/']:not([href*=new])")(page)
    code = page.locator(".paper-code bdi").inner_text()
    language = page.locator("html").get_attribute("lang") or ""
    page.context.clear_cookies()
    page.goto("/S/" + re.sub(r"\s", "", code))
    press_language(page, language)


def press_language(page: Page, language: str) -> None:
    with page.expect_event("domcontentloaded"):
        page.locator(f'form[action$="/language"] button[value={language}]').first.evaluate("(one) => one.click()")


def kept_draft(page: Page) -> None:
    page.locator("[name=note]").fill("Fournitures du bureau, à compléter")
    with page.expect_event("load"):
        page.locator("button[value=keep]").first.click()
    page.goto("/drafts")


LONG = "LONG-000000000000000000000000000000001"

SCREENS = (
    Screen("sign-in", "", "/sign-in"),
    Screen("home-storekeeper", "central", "/"),
    Screen("morning-buyer", "acheteur", "/"),
    Screen("home-administrator", "admin", "/"),
    Screen("more", "responsable", "/more"),
    Screen("units", "responsable", "/catalogue/units?edit=unité"),
    Screen("scanner", "sante", "/station/scanner"),
    Screen("station-empty", "sante", "/station", is_whole=False),
    Screen(
        "station",
        "sante",
        "/station",
        before=scanned("MAG", "BMH-003", "BMH-007", "MED-002", "MED-002"),
        is_whole=False,
    ),
    Screen("station-receipt", "sante", "/station?kind=receipt", before=scanned("MAG", "MED-002"), is_whole=False),
    Screen("station-refused", "sante", "/station", before=scanned("MAG", "MED-002", "6111245010014"), is_whole=False),
    Screen("station-wanting", "sante", "/station", before=wanting(), is_whole=False),
    Screen("slip-asked", "sante", "/station", before=wanting(is_asked=True), is_whole=False),
    Screen("slip-written", "sante", "/station", before=wanting(is_written=True), is_whole=False),
    Screen("slips", "sante", "/station", before=slip_shown(is_list=True)),
    Screen("slip", "responsable", "/station?warehouse=SANTE", before=slip_shown()),
    Screen("lookup", "sante", "/station/lookup", before=scanned("MED-002")),
    Screen("lookup-place", "sante", "/station/lookup", before=scanned("MAG")),
    Screen("count-place", "central", "/station/count", before=counted(), is_whole=False),
    Screen("count-done", "central", "/station/count", before=counted(is_done=True)),
    Screen("counts", "central", "/station/count", before=counted(then="list")),
    Screen("count", "responsable", "/station/count?warehouse=CENTRAL", before=counted(then="count")),
    Screen("stock", "central", "/stock"),
    Screen("stock-card", "central", "/stock", before=first("main tr[data-href] a")),
    Screen("alerts", "acheteur", "/alerts"),
    Screen("alert", "acheteur", "/alerts", before=first("main a[href*='/alerts/']")),
    Screen("papers", "central", "/documents"),
    Screen("paper", "central", "/documents", before=first("main a[href*='/documents/']:not([href*=new])")),
    Screen("paper-kinds", "responsable", "/documents/new"),
    Screen("paper-new", "central", "/documents/new?kind=issue"),
    Screen("paper-reversal", "responsable", "/documents?kind=issue", before=first("main tr[data-href] a")),
    Screen("transfers", "bernoussi", "/transfers"),
    Screen("transfer-receiving", "bernoussi", "/transfers", before=first("main a[href*='transfer_receipt']")),
    Screen("drafts", "anfa", "/documents/new?kind=issue", before=kept_draft),
    Screen("items", "responsable", "/items"),
    Screen("item", "responsable", "/items", before=first("main tr[data-href] a")),
    Screen("item-long-names", "responsable", f"/items/{LONG}"),
    Screen("item-new", "responsable", "/catalogue/new"),
    Screen("rules", "acheteur", "/rules"),
    Screen("rules-categories", "acheteur", "/rules/categories"),
    Screen("rules-read", "auditeur", "/rules"),
    Screen("rules-categories-read", "auditeur", "/rules/categories"),
    Screen("import-start", "responsable", "/imports/"),
    Screen("import-reading", "responsable", "/imports/", before=sent(BAD_ROWS)),
    Screen("import-done", "responsable", "/imports/", before=sent(GOOD_ROWS, is_imported=True)),
    Screen("import-formats", "responsable", "/imports/formats"),
    Screen("labels", "central", "/labels?search=&ones=1"),
    Screen("labels-roll", "central", "/labels?of=places&medium=roll-50x30"),
    Screen("labels-without", "central", "/labels/without"),
    Screen("labels-log", "central", "/labels", before=labels_printed()),
    Screen("labels-job", "central", "/labels", before=labels_printed(is_job=True)),
    Screen("labels-sheets", "central", "/labels/sheets"),
    Screen("labels-sheet-new", "central", "/labels/sheets/new"),
    Screen("places", "responsable", "/warehouses"),
    Screen("warehouse", "responsable", "/warehouses/CENTRAL"),
    Screen("location", "responsable", "/warehouses/SANTE/locations/FROID-1"),
    Screen("warehouse-content", "responsable", "/warehouses/CENTRAL/content"),
    Screen("services", "acheteur", "/services"),
    Screen("service", "acheteur", "/services/BCH"),
    Screen("suppliers", "acheteur", "/suppliers"),
    Screen("supplier", "acheteur", "/suppliers/PHA"),
    Screen("people", "admin", "/people"),
    Screen("person", "admin", "/people/@central"),
    Screen("policy", "admin", "/people/policy"),
    Screen("account", "central", "/account"),
    Screen("search", "central", "/search?q=papier"),
    Screen("search-nothing", "central", "/search?q=zzzz"),
    Screen("proof", "auditeur", "/audit/proof"),
    Screen("audit", "auditeur", "/audit"),
    Screen("audit-answer", "auditeur", "/audit?item=FOB-001&warehouse=CENTRAL"),
    Screen("registers", "auditeur", "/audit/registers"),
    Screen("trail", "auditeur", "/audit/trail"),
    Screen("settings", "admin", "/settings"),
    Screen("reasons", "admin", "/settings/reasons"),
    Screen("verdict", "central", "/documents", before=verdict),
    Screen("not-found", "central", "/nowhere", status=404),
    Screen("not-allowed", "central", "/settings", status=403),
    Screen("fresh-home", "aicha", "/", store="fresh"),
    Screen("fresh-stock", "aicha", "/stock", store="fresh"),
    Screen("fresh-station", "aicha", "/station", store="fresh"),
    Screen("fresh-papers", "aicha", "/documents", store="fresh"),
    Screen("fresh-items", "aicha", "/items", store="fresh"),
    Screen("fresh-alerts", "aicha", "/alerts", store="fresh"),
    Screen("fresh-places", "aicha", "/warehouses", store="fresh"),
    Screen("fresh-labels", "aicha", "/labels", store="fresh"),
)
