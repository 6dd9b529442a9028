"""Reorder rules: a list to be filled in, item by item in a warehouse, or once for a whole category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import login_required
from sqlalchemy import select

from inventory import access, clock, replenishment, reports
from inventory.catalogue import Category, Item
from inventory.database import db, transaction
from inventory.errors import Fault, InvalidRequest, fault, found, refuse
from inventory.exchange.export import Value
from inventory.reports import CategoryRow, RulesAsked
from inventory.warehouses import Warehouse, get_warehouse
from inventory.web import asked
from inventory.web.choices import categories, category_asked
from inventory.web.downloads import download
from inventory.web.frame import Place, current_warehouse, named, own_warehouses
from inventory.web.listing import Column, Listing

pages = Blueprint("rules", __name__)

COLUMNS = (
    Column("item", _l("Item"), "main"),
    Column("available", _l("Available"), "number"),
    Column("use", _l("Use per day"), "number"),
    Column("reorder_point", _l("Reorder point"), "number"),
    Column("target", _l("Fill up to"), "number"),
)
FILE_COLUMNS = (
    _l("Code"), _l("Item"), _l("Unit"), _l("Warehouse"), _l("Available"), _l("Use per day"), _l("Reorder point"),
    _l("Fill up to"), _l("Reorder point of the category"), _l("Fill up to of the category"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A rule as typed for one line of the list; ``line`` is an item's or a category's id, with where it counts."""

    line: str
    reorder_point: str
    target: str

    @property
    def is_empty(self) -> bool:
        """Whether the rule is to be taken away."""
        return not self.reorder_point and not self.target


@pages.get("/rules")
@login_required
def list_() -> str | Response:
    """The items of one warehouse, each with its rule."""
    if not _places():
        return _nowhere()
    place = _place()
    wanted = _asked(place)
    if asked.wants_file():
        return _file(wanted, place)
    return _page(wanted, place)


def _place(action: str = "rule.read") -> Place:
    """The warehouse asked for, else the one one is in, else the first of one's own."""
    access.require_somewhere(asked.me(), action)
    code = request.values.get("warehouse", "")
    if code:
        return asked.own_warehouse(code[: asked.LONGEST], action)
    mine, here = _places(action), current_warehouse()
    first = next((place for place in mine if here and place.id == here.id), None) or next(iter(mine), None)
    return found(first, "")


def _nowhere() -> str:
    """The page of a house without a warehouse, and the way to open one."""
    access.require_somewhere(asked.me(), "rule.read")
    back = {"back": url_for("alerts.list_"), "back_label": _("Alerts")}
    return render_template("places/nowhere.html", title=_("Reorder rules"), **back)


def _places(action: str = "rule.read") -> list[Place]:
    """Where one sees rules; in a warehouse for practice there are none."""
    return [place for place in own_warehouses(action) if not place.is_practice]


def _may_write(place: Place) -> bool:
    return asked.me().may("rule.write", place.id)


def _asked(place: Place) -> RulesAsked:
    return RulesAsked(
        place.id,
        clock.today(),
        search=asked.words("search"),
        category_id=category_asked(),
        only=asked.one_of("only", ("with", "without")),
    )


def _page(wanted: RulesAsked, place: Place, errors: list[Fault] | None = None) -> str:
    mark = asked.cursor("rules")
    rows, after = reports.rule_page(wanted, after=(mark[0], mark[1]) if mark else None)
    listing = Listing(url_for("rules.list_"), request.args, COLUMNS, rows, next=asked.signed("rules", after))
    return render_template(
        "rules/list.html",
        listing=listing,
        place=place,
        places=_places(),
        categories=categories(),
        tabs=_tabs(place, is_items=True),
        chips=[
            {"label": word, "href": listing.address(only=name or None), "is_current": wanted.only == name}
            for name, word in (("", _("All items")), ("with", _("With a rule")), ("without", _("In stock, no rule")))
        ],
        typed=request.form,
        errors=_errors(errors or [], Item, place),
        may_write=_may_write(place),
    )


def _tabs(place: Place, *, is_items: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("By item"), "href": url_for("rules.list_", warehouse=place.code), "is_current": is_items},
        {
            "label": _("By category"),
            "href": url_for("rules.categories_", warehouse=place.code),
            "is_current": not is_items,
        },
    ]


@pages.post("/rules")
@login_required
def save() -> Response | tuple[str, int]:
    """Sets every rule that was changed in the list: all of them, or none."""
    place = _place("rule.write")
    wishes = list(_wishes())
    try:
        with transaction():
            count = _set_items(wishes, get_warehouse(place.code))
    except InvalidRequest as refusal:
        db.session.rollback()
        return _page(_asked(place), place, refusal.faults), refusal.status
    _flash(count)
    return redirect(_again("rules.list_", place))  # type: ignore[return-value]


def _wishes() -> Iterator[Wish]:
    """The lines of the form in which something was typed that did not stand there before; what has no field, because
    its column is not shown, stays as it was."""
    form = request.form
    for line in form.getlist("line"):
        fields = [f"{name}-{line}" for name in ("point", "target")]
        before = [form.get(f"{field}-was", "") for field in fields]
        now = [form.get(field, was).strip() for field, was in zip(fields, before, strict=True)]
        if now != before:
            yield Wish(line, *now)


def _set_items(wishes: list[Wish], warehouse: Warehouse) -> int:
    items = _things(Item, [wish.line for wish in wishes])
    faults: list[Fault] = []
    for wish in wishes:
        item = items.get(wish.line)
        if item is None:
            faults.append(_gone(wish))
        elif wish.is_empty:
            replenishment.remove_rule(item, warehouse, **_who_and_when())
        elif numbers := _numbers(wish, faults, item.decimals):
            replenishment.set_rule(item, warehouse, reorder_point=numbers[0], target=numbers[1], **_who_and_when())
    refuse(faults)
    return len(wishes)


def _who_and_when() -> dict[str, Any]:
    return {"by": asked.me(), "on": clock.today(), "at": clock.now()}


def _things(kind: Any, ids: list[str]) -> Mapping[str, Any]:
    numbers = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19]
    return {str(one.id): one for one in db.session.scalars(select(kind).where(kind.id.in_(numbers)))}


def _gone(wish: Wish) -> Fault:
    return fault(f"/point-{wish.line}", "unknown", _l("This line is not there any more: reload the page."))


def _numbers(wish: Wish, faults: list[Fault], decimals: int) -> tuple[Decimal, Decimal] | None:
    """The two numbers of a wish; what is wrong with them is added to ``faults``, at its field and once. An empty target
    means the reorder point itself."""
    numbers: list[Decimal] = []
    typed = [("point", wish.reorder_point), *([("target", wish.target)] if wish.target else [])]
    for name, text in typed:
        value = asked.number(text)
        if value is None or value > replenishment.LARGEST or value != round(value, decimals):
            message = _l("“%(value)s”: give a number of 0 or more, not finer than the item is counted.")
            faults.append(fault(f"/{name}-{wish.line}", "number", message, value=text[:40]))
        else:
            numbers.append(value)
    if len(numbers) < len(typed):
        return None
    if numbers[-1] < numbers[0]:
        faults.append(fault(f"/target-{wish.line}", "range", _l("“Fill up to” lies at or above the reorder point.")))
        return None
    return numbers[0], numbers[-1]


def _errors(faults: list[Fault], kind: Any, place: Place) -> list[dict[str, str]]:
    """What is wrong, each with its field; on top of a long list it must also be said of what, and where."""
    lines = [one.pointer.partition("-")[2] for one in faults]
    things = _things(kind, [line.removesuffix("-all") for line in lines])
    return [
        {
            "field": one.pointer.strip("/"),
            "message": one.sentence(),
            "of": _of(things.get(line.removesuffix("-all")), str(_("everywhere")) if "-all" in line else place.name),
        }
        for one, line in zip(faults, lines, strict=True)
    ]


def _of(thing: Any, where: str) -> str:
    return str(_("%(thing)s, %(where)s", thing=asked.called(thing), where=where)) if thing else ""


def _flash(count: int) -> None:
    flash(
        ngettext("%(num)s rule changed.", "%(num)s rules changed.", count) if count else _("Nothing was changed."),
        "posted",
    )


def _again(endpoint: str, place: Place) -> str:
    """The same page of the same list."""
    kept: dict[str, Any] = {
        name: value for name in ("search", "category", "only", "cursor") if (value := request.args.get(name))
    }
    return url_for(endpoint, warehouse=place.code, **kept)


def _file(wanted: RulesAsked, place: Place) -> Response:
    rows = (
        [
            row.item.code, named(row.item), named(row.unit) or row.unit.code, place.name, row.available,
            row.use.per_day, row.reorder_point, row.target, row.inherited_point, row.inherited_target,
        ]
        for row in reports.rules_of(wanted)
    )  # fmt: skip
    return asked.spreadsheet("rules", FILE_COLUMNS, rows, _("Reorder rules"))


@pages.get("/rules/categories")
@login_required
def categories_() -> str | Response:
    """Every category with its default, everywhere and in the warehouse."""
    if not _places():
        return _nowhere()
    place = _place()
    if asked.wants_file():
        listing = _categories(place, is_file=True)
        return download(
            listing, listing.rows, partial(_category_cell, place), name="category-rules", title=_("Reorder rules")
        )
    return _categories_page(place)


def _categories(place: Place, *, is_file: bool = False) -> Listing:
    columns = (
        Column("category", _("Category"), "main"),
        Column("code", _("Code"), is_shown=is_file),
        Column("items", _("Items"), "number", is_shown=is_file),
        Column("reorder_point", _("Everywhere: reorder point"), "number"),
        Column("target", _("Everywhere: fill up to"), "number"),
        Column("warehouse", _("Warehouse"), is_shown=is_file),
        Column("point_here", _("Here: reorder point"), "number"),
        Column("target_here", _("Here: fill up to"), "number"),
    )
    return Listing(url_for("rules.categories_"), request.args, columns, reports.category_rules(place.id))


def _category_cell(place: Place, row: CategoryRow, key: str) -> Value:
    cells = {"category": asked.called(row.category), "code": row.category.code, "warehouse": place.name}
    return cells[key] if key in cells else getattr(row, key)


def _categories_page(place: Place, errors: list[Fault] | None = None) -> str:
    return render_template(
        "rules/categories.html",
        listing=_categories(place),
        place=place,
        places=_places(),
        tabs=_tabs(place, is_items=False),
        typed=request.form,
        errors=_errors(errors or [], Category, place),
        may_write=_may_write(place),
        may_everywhere=asked.me().may("rule.write"),
    )


@pages.post("/rules/categories")
@login_required
def save_categories() -> Response | tuple[str, int]:
    """Sets every default that was changed: ``<category>`` here, ``<category>-all`` everywhere."""
    place = _place("rule.write")
    wishes = list(_wishes())
    if any(wish.line.endswith("-all") for wish in wishes):
        access.require(asked.me(), "rule.write")
    try:
        with transaction():
            count = _set_categories(wishes, get_warehouse(place.code))
    except InvalidRequest as refusal:
        db.session.rollback()
        return _categories_page(place, refusal.faults), refusal.status
    _flash(count)
    return redirect(_again("rules.categories_", place))  # type: ignore[return-value]


def _set_categories(wishes: list[Wish], warehouse: Warehouse) -> int:
    known = _things(Category, [wish.line.removesuffix("-all") for wish in wishes])
    faults: list[Fault] = []
    for wish in wishes:
        category = known.get(wish.line.removesuffix("-all"))
        if category is None:
            faults.append(_gone(wish))
            continue
        where = None if wish.line.endswith("-all") else warehouse
        if wish.is_empty:
            replenishment.remove_category_rule(category, where, **_who_and_when())
        elif numbers := _numbers(wish, faults, 3):
            replenishment.set_category_rule(
                category, where, reorder_point=numbers[0], target=numbers[1], **_who_and_when()
            )
    refuse(faults)
    return len(wishes)
