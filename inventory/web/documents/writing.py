"""Writing a paper: the form of each kind, its lines, the draft it keeps, the rehearsal, the posting.

One form, one address. What a button asks for stands in ``act``: another line, one less, keep as draft, check, post.
Checking posts the paper and takes it back: what one confirms is exactly what will stand in the register.
"""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import catalogue, clock, documents, ledger, printing
from inventory.access import require, require_somewhere
from inventory.database import db, transaction
from inventory.documents import Document, Draft
from inventory.errors import ChangedMeanwhile, KeyReused, NotFound, Refusal, found, key_reused, refuse, refuse_field
from inventory.ledger import plain
from inventory.ledger.questions import entry_by_key
from inventory.warehouses import get_warehouse
from inventory.web.documents import shelves
from inventory.web.documents.desk import WORDS, kinds_allowed, me, pages, readable
from inventory.web.documents.page import Page, pointed
from inventory.web.documents.prints import pdf_answer
from inventory.web.documents.sheet import FORMS, MOST_LINES, Sheet
from inventory.web.frame import Place, current_warehouse, own_warehouses
from inventory.web.typed import number_of

Answer = Response | str | tuple[str, int]


@pages.get("/documents/new")
@login_required
def new() -> Answer:
    """An empty form, or one filled from a draft, a paper to copy, a transfer to receive or settle. One that was sent
    leads to the paper it became, or else to what was kept of it."""
    if key := request.args.get("key", ""):
        if paper := _became(key):
            return redirect(url_for("documents.show", document_id=paper.entry_id))  # type: ignore[return-value]
        if kept := documents.drafts_with(key, by=me()):
            return _from_draft(kept[0].id)
    if draft := request.args.get("draft"):
        return _from_draft(number_of(draft) or 0)
    if copied := request.args.get("copy"):
        document = readable(number_of(copied) or 0)
        if document.kind not in FORMS:
            return redirect(url_for("documents.show", document_id=document.entry_id))  # type: ignore[return-value]
        return Page(shelves.copy_of(document)).render()
    kind = request.args.get("kind", "")
    if kind not in FORMS:
        return _kinds()
    require_somewhere(me(), f"{kind}.post")
    if not own_warehouses(f"{kind}.post"):
        back = {"back": url_for("documents.list_"), "back_label": _("Papers")}
        return render_template("places/nowhere.html", title=WORDS[kind].title, **back)
    cited = request.args.get("source") or request.args.get("transfer", "")
    if kind == "transfer_receipt" and not cited:
        return redirect(url_for("documents.transfers"))  # type: ignore[return-value]
    return Page(_begun(kind, cited)).render()


def _became(key: str) -> Document | None:
    """The paper that was posted with a key, as far as one may read it: keys of others can be guessed."""
    entry = entry_by_key(key)
    paper = documents.document_of(entry.id) if entry else None
    return paper if paper and documents.may_read(paper, by=me()) else None


def _kinds() -> str:
    here = current_warehouse()
    allowed = kinds_allowed(here.id if here else None)
    return render_template("documents/kinds.html", kinds=[(kind, WORDS[kind]) for kind in allowed])


def _begun(kind: str, cited: str) -> Sheet:
    """A new sheet; with what the address already knows of it."""
    sheet = Sheet(kind, _warehouse(kind), rows=[{}])
    sheet.head["on"] = clock.today().isoformat()
    if kind == "receipt":
        sheet.head["origin"] = "purchase"
    if item := request.args.get("item", ""):
        sheet.rows = [{"item": item} | (_becomes(item, sheet.warehouse) if kind == "conversion" else {})]
    if party := request.args.get("party", ""):
        sheet.head["party"] = party
    if cited:
        sheet.rows = shelves.rows_of_transfer(cited)
        sheet.head["party" if kind == "transfer_receipt" else "source"] = cited
        transfer = shelves.transfer_of(cited)
        goes_to = (transfer.content.get("target") or {}).get("warehouse", "")
        sheet.warehouse = goes_to if kind == "transfer_receipt" else transfer.warehouse
        if kind == "write_off":
            sheet.head["party"] = "lost_on_the_road"
    return sheet


def _becomes(code: str, warehouse: str) -> dict[str, str]:
    """What a retired item is mostly converted into: all that is left of it, into what replaced it."""
    with suppress(NotFound):
        item = catalogue.get_item(code)
        other = catalogue.replacement_of(item)
        left = ledger.on_hand(item.id, get_warehouse(warehouse).id) if warehouse else Decimal(0)
        return ({"quantity": plain(left)} if left else {}) | ({"target_item": other.code} if other else {})
    return {}


def _warehouse(kind: str) -> str:
    """The warehouse asked for, the one the person is in, else the first in which it may be posted."""
    mine = own_warehouses(f"{kind}.post")
    here = current_warehouse()
    wanted = (request.args.get("warehouse"), here.code if here else None)
    codes = [place.code for place in mine]
    return next((code for code in wanted if code in codes), codes[0] if codes else "")


def _from_draft(draft_id: int) -> Answer:
    draft = documents.get_draft(draft_id, by=me())
    found(draft if draft.kind in FORMS else None, draft_id)
    sheet = Sheet.from_content(draft.paper)
    if paper := _became(sheet.key):  # posted while the draft was being saved: it is a paper now
        return redirect(url_for("documents.show", document_id=paper.entry_id))  # type: ignore[return-value]
    sheet.draft_id, sheet.revision = draft.id, draft.revision
    return Page(sheet, saved_at=draft.changed_at).render()


@pages.post("/documents/new")
@login_required
def write() -> Answer:
    sheet = Sheet.from_form(request.form)
    if sheet is None:
        return redirect(url_for("documents.new"))  # type: ignore[return-value]
    require_somewhere(me(), f"{sheet.kind}.post")
    act = request.form.get("act", "review")
    if act not in ("line", "autosave"):
        shelves.find_typed(sheet)
    if removed := re.fullmatch(r"remove-(\d{1,4})", act):
        place = int(removed[1])
        sheet.rows = [row for index, row in enumerate(sheet.rows) if index != place] or [{}]
        return Page(sheet).render()
    try:
        return _act(sheet, act)
    except ChangedMeanwhile:
        return _kept_elsewhere(sheet, is_page=act != "autosave")
    except KeyReused as refusal:
        if act == "autosave":
            raise
        return _refused(sheet, refusal, [])


def _act(sheet: Sheet, act: str) -> Answer:
    if act == "add":
        return _longer(sheet)
    if act in ("autosave", "keep"):
        return _keep(sheet, is_asked=act == "keep")
    if act in ("theirs", "mine"):
        return _settle(sheet, is_mine=act == "mine")
    if act in ("review", "post", "print"):
        return _finish(sheet, act)
    return Page(sheet).render()


def _longer(sheet: Sheet) -> Answer:
    """The sheet with one line more, as far as a page can hold them."""
    if len(sheet.rows) < MOST_LINES:
        sheet.rows.append({})
        return Page(sheet).render()
    message = _("A form has at most %(most)s lines: post these, and begin another.", most=MOST_LINES)
    return Page(sheet, errors=[{"field": None, "message": message}]).render()


def _finish(sheet: Sheet, act: str) -> Answer:
    """Checks, prints as a draft, or posts; what is refused comes back at its field with everything typed kept."""
    places: list[int] = []
    if act == "review" and (sheet.draft_id or any(any(row.values()) for row in sheet.rows)):
        _keep_quietly(sheet)
    try:
        order, faults, places = sheet.order()
        if faults:  # what the paper lacks is told together with what cannot be read
            refuse(faults + documents.KINDS[order.kind].faults(order))
        with transaction():
            document = documents.post(order, by=me(), today=clock.today(), at=clock.now(), key=sheet.key)
            if act == "post" and not document.is_replay:
                _drop_drafts(sheet)
            if act != "post" and not document.is_replay:
                note = printing.note_of(document, is_draft=True)
                db.session.rollback()  # it was a rehearsal: nothing of it may stand
    except Refusal as refusal:
        return _refused(sheet, refusal, places)
    if act == "post" or document.is_replay:
        return _posted(document)
    if act == "print":
        return pdf_answer(printing.draft_pdf(note), _("draft"))
    return Page(sheet).confirm(document, note)


def _posted(document: Document) -> Response:
    if not document.is_replay:
        flash(_("Posted: %(paper)s.", paper=document.reference), "posted")
    return redirect(url_for("documents.show", document_id=document.entry_id, posted=1), 303)  # type: ignore[return-value]


def _drop_drafts(sheet: Sheet) -> None:
    """What was kept of the sheet has become a paper; what somebody threw away meanwhile is no reason to refuse."""
    for draft in documents.drafts_with(sheet.key, sheet.draft_id, by=me()):
        documents.drop_draft(draft.id, by=me())


def _refused(sheet: Sheet, refusal: Refusal, places: list[int]) -> Answer:
    if refusal.status == 403 or refusal.status >= 500:
        raise refusal
    status = refusal.status
    if isinstance(refusal, KeyReused):
        # The form was posted before, and changed since: whoever wants a second paper now asks for it anew.
        paper, sheet.key = _became(sheet.key), Sheet(sheet.kind, sheet.warehouse).key
        if paper is None:
            message = _("This form could not be posted as it was. Check it and post it again.")
        else:
            message = _(
                "This form was already posted as %(paper)s. Check before you post it once more.", paper=paper.reference
            )
        return Page(sheet, errors=[{"field": None, "message": message}]).render(), status
    return Page(sheet, errors=pointed(refusal, sheet, places)).render(), status


def _keep(sheet: Sheet, *, is_asked: bool) -> Answer:
    """Keeps what was typed on the server. Raises NotAllowed outside one's warehouses, ChangedMeanwhile."""
    with transaction():
        draft = _kept(sheet)
    if is_asked:
        flash(_("Kept as a draft. It has no number until it is posted."), "info")
        return redirect(url_for("documents.drafts"), 303)  # type: ignore[return-value]
    sheet.draft_id, sheet.revision = draft.id, draft.revision
    answer = make_response(render_template("documents/draft_state.html", sheet=sheet, saved_at=draft.changed_at))
    answer.headers["HX-Replace-Url"] = url_for("documents.new", draft=draft.id)
    return answer


def _keep_quietly(sheet: Sheet) -> None:
    """What is checked is kept first, so that going back from there finds it; what cannot be kept is checked all the
    same. Raises ChangedMeanwhile."""
    try:
        with transaction():
            draft = _kept(sheet)
            sheet.draft_id, sheet.revision = draft.id, draft.revision
    except ChangedMeanwhile:
        raise
    except Refusal:
        return


def _kept_elsewhere(sheet: Sheet, *, is_page: bool) -> Answer:
    """The draft was kept in another tab since: nothing of here is kept until one says which counts."""
    other = documents.get_draft(sheet.draft_id or 0, by=me())
    if is_page:
        said = {"field": "draft", "message": _("Not kept: this draft was changed in another tab or on another device.")}
        return Page(sheet, errors=[said], kept_elsewhere_at=other.changed_at).render(), 409
    return render_template("documents/draft_state.html", sheet=sheet, kept_elsewhere_at=other.changed_at), 409


def _settle(sheet: Sheet, *, is_mine: bool) -> Answer:
    """What is kept of the draft is taken, or else written over by what stands here."""
    if is_mine:
        sheet.revision = None
        with transaction():
            sheet.draft_id = _kept(sheet).id
    return redirect(url_for("documents.new", draft=sheet.draft_id), 303)  # type: ignore[return-value]


def _kept(sheet: Sheet) -> Draft:
    """Only what its person could open again is kept: in one's own warehouse, of a transfer that one may read. A draft
    thrown away in another tab is kept anew; one posted there is a paper: raises KeyReused."""
    if sheet.cited:
        shelves.transfer_of(sheet.cited)
    if sheet.draft_id and not documents.drafts_with(sheet.key, sheet.draft_id, by=me()):
        if _became(sheet.key):
            key_reused()
        sheet.draft_id = sheet.revision = None
    return documents.keep_draft(
        sheet.content(),
        kind=sheet.kind,
        warehouse_id=_own_place(sheet).id,
        by=me(),
        at=clock.now(),
        draft_id=sheet.draft_id,
        revision=sheet.revision,
    )


def _own_place(sheet: Sheet) -> Place:
    """The sheet's warehouse, where the person may post such a paper."""
    mine = own_warehouses(f"{sheet.kind}.post")
    own = next((place for place in mine if place.code == sheet.warehouse), None)
    if own is None:
        require(me(), f"{sheet.kind}.post", 0)
        refuse_field("/warehouse", "unknown", _("Choose a warehouse."))
    return own
