"""What is asked of every page, whatever it shows: no fault that keeps anyone out, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import HOUSE

AXE = (HOUSE / "node_modules/axe-core/axe.min.js").read_text()
GRAVE = ("serious", "critical")

_RUN = f"""(only) => axe.run(document, {{
  resultTypes: ["violations"], preload: false, iframes: false, selectors: false,
  ...(only.length ? {{runOnly: only}} : {{}}),
  rules: Object.fromEntries(axe._audit.rules.filter((one) => one.impact && !{list(GRAVE)}.includes(one.impact))
    .map((one) => [one.id, {{enabled: false}}])),
}}).then((found) => found.violations.map((one) => ({{
  id: one.id, impact: one.impact, where: one.nodes.map((node) => node.html.slice(0, 160))
}})))"""
COLOURS = ("color-contrast", "link-in-text-block")
"""What axe asks of a page that hangs on the light."""

# What sticks out of a list that scrolls by itself is meant to; what makes the page scroll sideways is not.
_OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (one) => one && one !== document.body && one !== document.documentElement
    && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && !scrolls(one.parentElement);
  }).map((one) => one.outerHTML.slice(0, 120)).slice(0, 5)
    .concat(`page ${document.documentElement.scrollWidth} > ${wide}`);
}"""

_BROKEN = """(language) => [
  ...(document.documentElement.lang === language ? [] : [`in ${document.documentElement.lang}`]),
  ...[...document.images].filter((one) => one.src && one.complete && !one.naturalWidth)
    .map((one) => `picture ${one.src}`),
  ...(document.title.trim() ? [] : ["no title"]),
  ...(document.querySelectorAll("h1").length === 1 ? [] : [`${document.querySelectorAll("h1").length} × h1`]),
]"""

# A frame scrolls where it must; on a desk what its list shows by itself has room.
_CUT = """() => [...document.querySelectorAll("main .table-frame")]
  .filter((frame) => frame.clientWidth && frame.scrollWidth > frame.clientWidth + 1)
  .map((frame) => `${frame.getAttribute("aria-label")}: ${frame.scrollWidth} > ${frame.clientWidth}`)"""

# A word that stands in Latin letters on an Arabic page is a name, a code, or a sentence that nobody translated.
_FOREIGN = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
  const own = "bdi, [lang], code, kbd, script, template, datalist, svg, .code, [dir=ltr]";
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent.closest(own) && parent.checkVisibility()) {
      for (const word of walk.currentNode.data.match(/[A-Za-zÀ-ÿ]{4,}/g) ?? []) found.add(word);
    }
  }
  return [...found];
}"""

# What has the focus and of which nothing is seen: its corners, drawn in a little, and its middle lie under others.
_COVERED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body || !box.width || !box.height) return "";
  const across = [box.left + 3, (box.left + box.right) / 2, box.right - 3];
  const down = [box.top + 3, (box.top + box.bottom) / 2, box.bottom - 3];
  const own = (found) => found && (one.contains(found) || found.contains(one) || one.labels?.[0]?.contains(found));
  const isSeen = across.some((x) => down.some((y) => own(document.elementFromPoint(x, y))));
  return isSeen ? "" : one.id || one.outerHTML.slice(0, 80);
}"""


def grave_faults(page: Page, only: Sequence[str] = ()) -> list[str]:
    """What axe finds serious or critical; ``only``: by these of its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(only))
    return [f"{one['id']}: {'; '.join(one['where'][:3])}" for one in found if one["impact"] in GRAVE]


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways; empty when nothing does."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def covered(page: Page) -> str:
    """What has the focus and is wholly hidden under something else; empty when it is seen."""
    found: str = page.evaluate(_COVERED)
    return found


def broken(page: Page, language: str) -> list[str]:
    """Another language, pictures that did not come, a missing title, more or less than one heading of the first
    order."""
    found: list[str] = page.evaluate(_BROKEN, language)
    return found


def cut(page: Page) -> list[str]:
    """Tables of which a column lies beyond the edge of their frame."""
    found: list[str] = page.evaluate(_CUT)
    return found


def foreign_words(page: Page) -> list[str]:
    """Latin words of a page that stand in nothing that says they are Latin."""
    found: list[str] = page.evaluate(_FOREIGN)
    return found
