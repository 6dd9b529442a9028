"""The log of prints, the version of what a label shows, own sheets, and what bears no label: on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from inventory import audit, catalogue, labels, printing, warehouses
from inventory.access import Identity, User
from inventory.catalogue import Item, Lot
from inventory.database import db, transaction
from inventory.errors import AlreadyExists, InvalidRequest, KeyReused
from inventory.exchange.items import plan_items
from inventory.exchange.reading import Choices
from inventory.exchange.stocking import apply_items
from inventory.labels import Label, LabelSheet, NewJob
from inventory.warehouses import Warehouse
from tests import make


@make.furnished
def keeper() -> Identity:
    """A storekeeper of NORTH, where bolts, two lots of milk and a desk lie."""
    make.warehouse("NORTH")
    make.supplier("ATLAS")
    make.item("bolt", name_ar="برغي")
    make.item("milk", tracking="lot", has_expiry=True)
    make.item("desk", tracking="unit")
    keeper = make.person("salma", "storekeeper", at="NORTH")
    lines = (
        make.line("bolt", "10"),
        make.line("milk", "4", lot="L-1", expires_on=date(2027, 5, 31)),
        make.line("milk", "6", lot="L-2", expires_on=date(2027, 6, 30)),
        make.line("desk", "1", lot="INV-7"),
    )
    make.posted(make.order("receipt", "NORTH", *lines, source="supplier:ATLAS"), by=keeper)
    return keeper


def north() -> Warehouse:
    return warehouses.get_warehouse("NORTH")


def label(item: str) -> Label:
    (choice,) = printing.labels_of_items(Item.code == item, limit=1)
    return choice.label


def lot(number: str) -> Label:
    (choice,) = printing.labels_of_lots(Lot.number == number, limit=1)
    return choice.label


def job(*wanted: Label, by: Identity, key: str | None = None, mark: str = "one") -> int:
    new = NewJob(wanted=tuple((one, 2) for one in wanted), medium="24", warehouse_id=north().id)
    with transaction():
        return labels.record(new, by=by, at=make.now(), key=key or make.key(), fingerprint=mark)


def missing(state: str = "never") -> list[str]:
    """What has no label, as ``code`` or ``code lot``."""
    rows = db.session.execute(labels.without_label(north().id, state=state)).all()
    return [f"{row.code} {row.lot}".strip() for row in rows]


def void(job_id: int, reason: str, *, by: Identity) -> None:
    with transaction():
        labels.void(labels.get_job(job_id), reason, by=by, at=make.now())


# ---- the log


def test_a_form_sent_twice_is_one_job(keeper: Identity) -> None:
    first = job(label("bolt"), by=keeper, key="k")
    assert job(label("bolt"), by=keeper, key="k") == first
    assert len(labels.find_jobs(labels.JobsAsked())[0]) == 1
    with pytest.raises(KeyReused):
        job(label("bolt"), by=keeper, key="k", mark="another")


def test_a_job_says_what_was_printed_in_which_version(keeper: Identity) -> None:
    made = job(label("bolt"), lot("L-1"), by=keeper)
    lines = labels.lines_of([made])[made]
    assert [(one.design, one.reference, one.version, one.copies) for one in lines] == [
        ("item", "bolt", 1, 2), ("lot", "milk · L-1", 1, 2),
    ]  # fmt: skip
    assert [one.reference for one in labels.lines_of([made], most=1)[made]] == ["bolt"]
    ((kept, name),), _more = labels.find_jobs(labels.JobsAsked())
    assert (kept.total, name) == (4, "Salma")


def test_the_log_is_asked_by_what_who_and_when_and_read_page_by_page(keeper: Identity) -> None:
    other = make.person("youssef", "storekeeper", at="NORTH")
    jobs = [job(label("bolt"), by=keeper), job(lot("L-1"), by=other), job(lot("L-2"), by=keeper)]
    asked = labels.JobsAsked

    def found(wanted: labels.JobsAsked, **more: Any) -> list[int]:
        return [row.LabelJob.id for row in labels.find_jobs(wanted, **more)[0]]

    assert found(asked()) == jobs[::-1]
    assert found(asked(reference="l-1")) == [jobs[1]]
    assert found(asked(actor_id=other.id)) == [jobs[1]]
    assert found(asked(warehouse_ids=frozenset())) == []
    assert found(asked(designs=frozenset({"item"}))) == [jobs[0]]
    assert found(asked(until=make.MORNING)) == []
    assert found(asked(), limit=2) == jobs[:0:-1]
    _page, mark = labels.find_jobs(asked(), limit=2)
    assert found(asked(), after=mark) == [jobs[0]]


def test_a_print_is_voided_once_and_with_a_reason(keeper: Identity) -> None:
    made = job(label("bolt"), by=keeper)
    with pytest.raises(InvalidRequest, match="invalid"):
        void(made, "  ", by=keeper)
    void(made, "Sheet jammed", by=keeper)
    with pytest.raises(InvalidRequest):
        void(made, "Again", by=keeper)
    assert labels.get_job(made).void_reason == "Sheet jammed"
    assert [row.LabelJob.id for row in labels.find_jobs(labels.JobsAsked(is_voided=True))[0]] == [made]
    assert [one.action for one in audit.records(action="label_job")] == ["label_job.voided"]


def test_a_job_that_repeats_another_cites_it(keeper: Identity) -> None:
    first = job(label("bolt"), by=keeper)
    lines = [(one.design, one.subject_id, one.copies) for one in labels.lines_of([first])[first]]
    with transaction():
        catalogue.change_item(catalogue.get_item("bolt"), {"name_fr": "Boulon"})
    again = printing.labels_again(lines)
    assert [(one.names.fr, one.version, copies) for one, copies in again] == [("Boulon", 2, 2)]
    new = NewJob(wanted=tuple(again), medium="24", cites_id=first)
    with transaction():
        second = labels.record(new, by=keeper, at=make.now(), key="again", fingerprint="x")
    assert labels.repeated_by(first) == [second]


def test_every_kind_of_label_can_be_printed_anew(keeper: Identity) -> None:
    places = printing.labels_of_places(warehouses.Location.warehouse_id == north().id, limit=None)
    doors = printing.labels_of_doors(Warehouse.code == "NORTH")
    people = printing.labels_of_people(User.username == "salma", {})
    all_of_them = [label("bolt"), lot("L-1"), lot("INV-7"), places[0].label, doors[0].label, people[0].label]
    assert [one.design for one in all_of_them] == ["item", "lot", "unit", "shelf", "door", "badge"]
    with make.statements() as seen:
        again = printing.labels_again([(one.design, one.subject_id, 1) for one in all_of_them])
    assert [one for one, _ in again] == all_of_them
    assert len(seen) == 5


def test_the_next_free_position_follows_the_last_print(keeper: Identity) -> None:
    assert labels.next_free(keeper.id, "24", 24) == 1
    spoiled = job(*[label("bolt")] * 4, by=keeper)  # two copies of each
    assert labels.next_free(keeper.id, "24", 24) == 9
    assert labels.next_free(keeper.id, "65", 65) == 1
    assert labels.last_medium(keeper.id) == "24"
    void(spoiled, "Torn", by=keeper)
    assert labels.next_free(keeper.id, "24", 24) == 1


@pytest.mark.parametrize(
    "change",
    ["total = 0", "void_reason = 'x'", "form = 'fax'", "cites_id = id"],
)
def test_the_database_refuses_a_job_that_is_none(keeper: Identity, change: str) -> None:
    made = job(label("bolt"), by=keeper)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text(f"UPDATE label_job SET {change} WHERE id = {made}"))


# ---- versions


def test_a_label_is_of_a_new_version_when_what_it_shows_changes(keeper: Identity) -> None:
    def changed(**changes: str) -> int:
        with transaction():
            catalogue.change_item(catalogue.get_item("bolt"), changes)
        return label("bolt").version

    assert label("bolt").version == 1
    assert changed(name_en="Bolt, hexagonal") == 1, "the label shows no English where there is French"
    assert changed(storage_class="locked") == 1
    assert changed(name_fr="Boulon") == 2
    assert changed(name_fr="Boulon") == 2
    assert changed(name_ar="مسمار ملولب") == 3


def test_a_lots_label_is_old_when_its_item_is_renamed_or_its_expiry_becomes_known(keeper: Identity) -> None:
    assert lot("L-1").version == 1
    with transaction():
        catalogue.change_item(catalogue.get_item("milk"), {"name_fr": "Lait entier"})
    assert (lot("L-1").version, lot("L-2").version) == (2, 2)
    make.item("yeast", tracking="lot", has_expiry=False)
    unknown = catalogue.WantedLot(catalogue.get_item("yeast").id, "Y-1", None, False)
    for expires_on, version in ((None, 1), (date(2027, 1, 1), 2), (date(2027, 1, 1), 2)):
        with transaction():
            catalogue.ensure_lots([catalogue.WantedLot(unknown.item_id, "Y-1", expires_on, False)])
        assert lot("Y-1").version == version


def test_a_place_and_a_door_are_of_a_new_version_when_renamed(keeper: Identity) -> None:
    def versions() -> tuple[int, int]:
        (shelf, *_rest) = printing.labels_of_places(warehouses.Location.warehouse_id == north().id, limit=1)
        (door,) = printing.labels_of_doors(Warehouse.code == "NORTH")
        return shelf.label.version, door.label.version

    assert versions() == (1, 1)
    with transaction():
        warehouses.location_in(north(), "MAG").name_fr = "Réserve"
    assert versions() == (2, 2)
    with transaction():
        north().name_ar = "المخزن الشمالي"
    assert versions() == (3, 3)


def test_an_import_that_renames_makes_labels_old_and_one_that_does_not_leaves_them(keeper: Identity) -> None:
    head = "code;désignation;الاسم;unité;famille\n"
    for row, version in (("bolt;Bolt;برغي;piece;Métal", 1), ("bolt;Boulon;برغي;piece;Métal", 2)):
        plan = plan_items((head + row + "\n").encode(), Choices())
        assert len(plan.update) == 1
        with transaction():
            apply_items(plan, today=make.TODAY, at=make.now())
        assert label("bolt").version == version


# ---- what bears no label


def test_what_lies_here_and_was_never_printed_is_found(keeper: Identity) -> None:
    assert missing() == ["bolt", "desk INV-7", "milk L-1", "milk L-2"]
    made = job(label("bolt"), lot("L-1"), by=keeper)
    assert missing() == ["desk INV-7", "milk L-2"]
    void(made, "Spoiled", by=keeper)
    assert missing() == ["bolt", "desk INV-7", "milk L-1", "milk L-2"]


def test_the_label_of_an_item_is_not_that_of_its_lots(keeper: Identity) -> None:
    job(label("milk"), by=keeper)
    assert "milk L-1" in missing()


def test_an_old_label_is_found_as_such_until_it_is_printed_anew(keeper: Identity) -> None:
    job(label("bolt"), lot("L-1"), by=keeper)
    assert missing("old") == []
    with transaction():
        catalogue.change_item(catalogue.get_item("milk"), {"name_fr": "Lait entier"})
    assert missing("old") == ["milk L-1"]
    assert missing("never") == ["desk INV-7", "milk L-2"]
    job(lot("L-1"), by=keeper)
    assert missing("old") == []


def test_what_is_gone_needs_no_label(keeper: Identity) -> None:
    make.service("CITY")
    make.posted(make.order("issue", "NORTH", make.line("bolt", "10"), target="service:CITY"), by=keeper)
    assert missing() == ["desk INV-7", "milk L-1", "milk L-2"]


def test_the_list_goes_on_where_a_page_ended(keeper: Identity) -> None:
    all_rows = db.session.execute(labels.without_label(north().id)).all()
    for index, row in enumerate(all_rows):
        rest = db.session.execute(labels.without_label(north().id, after=(row.code, row.lot, row.id))).all()
        assert [one.id for one in rest] == [one.id for one in all_rows[index + 1 :]]


# ---- own sheets


def sheet(**given: object) -> LabelSheet:
    usual = {"name": "Our sheet", "kind": "sheet", "columns": 3, "rows": 8, "is_active": True}
    usual |= {"width": "63.5", "height": "33.9", "left_edge": "7.25", "top_edge": "12.9", "gap_across": "2.5"}
    usual |= {"gap_down": "0", "inset": "2"}
    said = usual | given
    return LabelSheet(**{name: Decimal(one) if name in labels.MEASURES else one for name, one in said.items()})


def keep(made: LabelSheet, by: Identity) -> LabelSheet:
    with transaction():
        return labels.keep_sheet(made, by=by, at=make.now())


def test_a_measured_sheet_is_kept_for_everybody(keeper: Identity) -> None:
    made = keep(sheet(), keeper)
    medium = labels.media()[made.key]
    assert (medium.places, medium.width, medium.gap_across) == (24, Decimal("63.5"), Decimal("2.5"))
    with pytest.raises(AlreadyExists):
        keep(sheet(), keeper)
    with transaction():
        labels.put_away(labels.get_sheet(made.id), is_active=False, by=keeper, at=make.now())
    assert made.key not in labels.media()
    assert [one.action for one in audit.records(action="label_sheet")] == ["label_sheet.retired", "label_sheet.added"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"width": "68"}, "/width"), ({"rows": 9}, "/height"), ({"gap_across": "9"}, "/width"),
        ({"columns": 0}, "/columns"), ({"inset": "-1"}, "/inset"), ({"name": " "}, "/name"),
        ({"kind": "disc"}, "/kind"),
        ({"width": "20", "height": "12"}, "/width"), ({"inset": "17"}, "/width"),
        ({"kind": "roll", "columns": 1, "rows": 1, "width": "400"}, "/width"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_printed_is_not_kept(keeper: Identity, given: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        keep(sheet(**given), keeper)
    assert pointer in [one.pointer for one in refused.value.faults]
    assert labels.kept_sheets() == []


@pytest.mark.parametrize("change", ["width = 30000", "rows = 0", "inset = -1", "kind = 'roll'", "gap_down = 5000"])
def test_the_database_refuses_a_sheet_larger_than_its_page(keeper: Identity, change: str) -> None:
    made = keep(sheet(), keeper)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text(f"UPDATE label_sheet SET {change} WHERE id = {made.id}"))
