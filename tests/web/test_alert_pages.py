"""Alerts, rules and home: the morning of a buyer, of a storekeeper, of who looks after the house."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask, g
from sqlalchemy import select

from inventory import audit, catalogue, clock, warehouses
from inventory.access import Identity
from inventory.database import db, transaction
from inventory.exchange import workbook
from inventory.replenishment import Alert, CategoryRule, Figures, ReorderRule
from inventory.web.alerts import cover_words, sentence
from tests import make
from tests.web.visitors import Visitor, signed_in, words


@make.furnished
def amina() -> Identity:
    """CENTRAL is low on cement and out of gloves, NORTH is out of gloves."""
    for code in ("CENTRAL", "NORTH"):
        make.warehouse(code)
    make.service("CITY")
    make.supplier("LAFARGE")
    make.item("CIM", name_fr="Ciment", category="travaux", unit="sac")
    make.item("GAN", name_fr="Gants", category="hygiène", unit="boîte")
    person, today = make.person("amina", "manager"), clock.today()
    make.posted(
        make.order("receipt", "CENTRAL", make.line("CIM", "40"), source="supplier:LAFARGE"), by=person, today=today
    )
    make.posted(make.order("issue", "CENTRAL", make.line("CIM", "30"), target="service:CITY"), by=person, today=today)
    make.rule("CIM", "CENTRAL", "15", "60", on=today)
    make.rule("GAN", "CENTRAL", "5", "20", on=today)
    make.rule("GAN", "NORTH", "5", "20", on=today)
    return person


@pytest.fixture
def buyer(app: Flask, amina: Identity) -> Visitor:
    return signed_in(app, "karim", ("buyer", None))


@pytest.fixture
def keeper(app: Flask, amina: Identity) -> Visitor:
    return signed_in(app, "driss", ("storekeeper", "NORTH"))


def central_rule(item_id: int) -> ReorderRule:
    mine = ReorderRule.item_id == item_id, ReorderRule.warehouse_id == warehouses.get_warehouse("CENTRAL").id
    return db.session.scalars(select(ReorderRule).where(*mine)).one()


def alert_of(item: str, level: str = "") -> Alert:
    question = select(Alert).join(catalogue.Item, catalogue.Item.id == Alert.item_id).where(catalogue.Item.code == item)
    return db.session.scalars(question.order_by(Alert.id)).first()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", ["أقل من يوم", "يوم واحد", "يومين", "3 أيام", "11 يوما", "100 يوم"]),
        ("fr", ["moins d’un jour", "1 jour", "2 jours", "3 jours", "11 jours", "100 jours"]),
        ("en", ["less than a day", "1 day", "2 days", "3 days", "11 days", "100 days"]),
    ],
)
def test_days_are_counted_as_each_language_counts(app: Flask, language: str, said: list[str]) -> None:
    with app.test_request_context():
        g.language = language
        assert [cover_words(Decimal(days)) for days in (0, 1, 2, 3, 11, 100)] == said


def test_what_is_out_comes_first_with_its_reason_and_the_page_says_so(buyer: Visitor) -> None:
    page = buyer.get("/alerts?warehouse=*")
    assert page.status_code == 200
    said = words(page)
    assert "les ruptures d’abord, puis le plus ancien" in said
    assert said.index("Gants") < said.index("Ciment")
    assert "10 sac" in said
    assert "15" in said


def test_a_sentence_says_its_numbers(app: Flask) -> None:
    figures = Figures(Decimal(12), ordered=Decimal(5), reorder_point=Decimal(20), target=Decimal(50))
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        said = sentence(figures, "box", level="low", cover_days=Decimal(4))
        stale = sentence(Figures(Decimal(8), Decimal(5), Decimal(3), reorder_point=Decimal(2)), "box", level="out")
    assert (
        said == "12 (box) can be used. 5 are expected; the reorder point is 20. At the present use this lasts 4 days."
    )
    assert stale == (
        "Nothing usable is left. Expired: 5. In quarantine: 3. Nothing is expected; the reorder point is 2."
    )


def test_alerts_are_limited_to_ones_warehouses(keeper: Visitor) -> None:
    said = words(keeper.get("/alerts?warehouse=*"))
    assert "Ciment" not in said
    assert "Gants" in said
    assert keeper.get(f"/alerts/{alert_of('CIM').id}").status_code == 403
    refused = keeper.post("/alerts/acknowledge", alert=str(alert_of("CIM").id))
    assert refused.status_code == 403
    assert alert_of("CIM").acknowledged_at is None


def test_an_alert_is_taken_and_put_off(buyer: Visitor) -> None:
    alert = alert_of("CIM").id
    assert buyer.get(f"/alerts/{alert}").status_code == 200
    assert buyer.post("/alerts/acknowledge", alert=str(alert), **{"from": "alert"}).status_code == 302
    assert "Karim" in words(buyer.get(f"/alerts/{alert}"))
    until = clock.today() + timedelta(days=7)
    assert buyer.post("/alerts/snooze", alert=str(alert), until=str(until), reason="livraison lundi").status_code == 302
    assert "Ciment" not in words(buyer.get("/alerts?warehouse=*"))
    assert "Ciment" in words(buyer.get("/alerts?warehouse=*&state=snoozed"))
    assert "livraison lundi" in words(buyer.get(f"/alerts/{alert}"))


def test_taking_and_putting_off_are_taken_back_where_they_are_shown(buyer: Visitor, app: Flask) -> None:
    alert = alert_of("CIM").id
    assert "Annuler" not in words(buyer.get(f"/alerts/{alert}"))
    until = clock.today() + timedelta(days=7)
    form = {"alert": str(alert), "from": "alert"}
    buyer.post("/alerts/acknowledge", **form)
    buyer.post("/alerts/snooze", until=str(until), reason="livraison lundi", **form)
    said = words(buyer.get(f"/alerts/{alert}"))
    assert "Annuler la prise en charge" in said
    assert "Annuler le report" in said
    assert "Annuler le report" in words(buyer.get("/alerts?warehouse=*&state=snoozed"))
    for act in ("wake", "release"):
        answer = buyer.post(f"/alerts/{act}", **form)
        assert answer.headers["Location"] == f"/alerts/{alert}"
        said = words(buyer.get(answer.headers["Location"]))
    assert "Karim a annulé la prise en charge par Karim" in said
    assert "Karim a annulé le report au" in said
    assert "livraison lundi" in said
    assert "Annuler" not in said
    assert "Ciment" in words(buyer.get("/alerts?warehouse=*&state=open"))
    trail = words(signed_in(app, "nadia", ("auditor", None)).get("/audit/trail?action=alert"))
    for act in ("Alerte prise en charge", "Alerte reportée", "Report annulé", "Prise en charge annulée"):
        assert act in trail


def test_the_history_of_an_alert_keeps_every_line_with_the_names_of_people(
    buyer: Visitor, amina: Identity, app: Flask
) -> None:
    alert, today = alert_of("CIM").id, clock.today()
    other = signed_in(app, "h.berrada", ("buyer", None))
    buyer.post("/alerts/acknowledge", alert=str(alert))
    other.post("/alerts/release", alert=str(alert))
    other.post("/alerts/acknowledge", alert=str(alert))
    for days, reason in ((3, "lundi"), (9, "camion en panne")):
        buyer.post("/alerts/snooze", alert=str(alert), until=str(today + timedelta(days=days)), reason=reason)
    make.posted(make.order("issue", "CENTRAL", make.line("CIM", "10"), target="service:CITY"), by=amina, today=today)
    assert alert_of("CIM").snoozed_until is None, "nothing is left: it is shown again"
    receipt = make.order("receipt", "CENTRAL", make.line("CIM", "90"), source="supplier:LAFARGE")
    make.posted(receipt, by=amina, today=today, at=clock.now())
    said = words(buyer.get(f"/alerts/{alert}"))
    history = said[said.index("Ce qui a été fait") :]
    lines = (
        "Prise en charge par Karim", "H.Berrada a annulé la prise en charge par Karim", "Prise en charge par H.Berrada",
        "Karim l’a reportée jusqu’au", ": lundi", ": camion en panne", "Clos",
    )  # fmt: skip
    at = [history.find(line) for line in lines]
    assert min(at) > 0, dict(zip(lines, at, strict=True))
    assert at == sorted(at)
    assert "h.berrada" not in said


@pytest.mark.parametrize(
    ("language", "days", "said", "not_said"),
    [
        (
            "fr",
            0,
            ("Ouverte et close le", "Utilisable alors : 10 (sac)", "le seuil d’alerte était de 15"),
            "aujourd’hui",
        ),
        ("fr", 17, ("Ouverte du", "17 jours"), "est attendu"),
        ("ar", 17, ("دام مفتوحا من", "17 يوما", "وكانت عتبة التنبيه: 15"), "لا شيء منتظر"),
        ("en", 1, ("Open from", "1 day.", "10 (sac) could be used.", "the reorder point was 15"), "is expected"),
    ],
)
def test_a_closed_alert_speaks_of_the_past_with_its_days(
    app: Flask, amina: Identity, language: str, days: int, said: tuple[str, ...], not_said: str
) -> None:
    alert = alert_of("CIM").id
    with transaction():
        db.session.get_one(Alert, alert).opened_at = clock.now() - timedelta(days=days)
    receipt = make.order("receipt", "CENTRAL", make.line("CIM", "90"), source="supplier:LAFARGE")
    make.posted(receipt, by=amina, today=clock.today(), at=clock.now())
    reader = signed_in(app, "lina", ("auditor", None), language=language)
    shown = words(reader.get(f"/alerts/{alert}"))
    assert [one for one in said if one not in shown] == []
    assert not_said not in shown
    assert not_said not in words(reader.get("/alerts?warehouse=*&state=closed"))


def test_ticked_alerts_are_taken_back_together_or_not_at_all(buyer: Visitor, keeper: Visitor) -> None:
    both = [str(one.id) for one in db.session.scalars(select(Alert).join(catalogue.Item).where(Alert.level == "out"))]
    assert len(both) == 2
    buyer.post("/alerts/acknowledge", alert=both)
    assert "Annuler la prise en charge" in words(buyer.get("/alerts?warehouse=*&state=acknowledged"))
    assert keeper.post("/alerts/release", alert=both).status_code == 403  # one of them is in CENTRAL
    assert keeper.post("/alerts/wake", alert=both).status_code == 403
    assert [one.state for one in db.session.scalars(select(Alert).where(Alert.level == "out"))] == ["acknowledged"] * 2
    assert "Plus personne ne se charge de 2 alertes" in words(
        buyer.get(buyer.post("/alerts/release", alert=both).headers["Location"])
    )
    assert buyer.post("/alerts/release").status_code == 422


@pytest.mark.parametrize("until", ["", "2020-01-01", "soon"])
def test_putting_off_needs_a_day_ahead_and_a_reason(buyer: Visitor, until: str) -> None:
    answer = buyer.post("/alerts/snooze", alert=str(alert_of("CIM").id), until=until, reason="")
    assert answer.status_code == 422
    assert alert_of("CIM").snoozed_until is None


def test_the_field_offers_the_days_that_are_taken(buyer: Visitor) -> None:
    for address in ("/alerts?warehouse=*", f"/alerts/{alert_of('CIM').id}"):
        first, last = re.search(
            r'name="until" type="date" value="" max="(\S+)" min="(\S+)"', buyer.get(address).text
        ).groups()[::-1]
        assert first == str(clock.today() + timedelta(days=1))
        for until, status in ((first, 302), (last, 302), (str(date.fromisoformat(last) + timedelta(days=1)), 422)):
            answer = buyer.post("/alerts/snooze", alert=str(alert_of("CIM").id), until=until, reason="lundi")
            assert answer.status_code == status, until
        buyer.post("/alerts/wake", alert=str(alert_of("CIM").id))


def test_nothing_ticked_is_refused(buyer: Visitor) -> None:
    assert buyer.post("/alerts/acknowledge").status_code == 422
    assert buyer.post("/alerts/acknowledge", alert="99999999").status_code == 404
    assert buyer.get("/alerts/99999999").status_code == 404
    assert buyer.get("/alerts?state=odd").status_code == 422
    assert buyer.get("/alerts?format=csv").status_code == 200


def test_an_auditor_reads_and_changes_nothing(app: Flask, amina: Identity) -> None:
    auditor = signed_in(app, "lina", ("auditor", None))
    assert auditor.get("/alerts").status_code == 200
    assert auditor.post("/alerts/acknowledge", alert=str(alert_of("CIM").id)).status_code == 403
    assert auditor.post("/rules", warehouse="CENTRAL").status_code == 403
    assert auditor.post("/rules/categories", warehouse="CENTRAL").status_code == 403


@pytest.mark.parametrize("role", ["auditor", "storekeeper"])
@pytest.mark.parametrize("where", ["/rules", "/rules/categories"])
def test_who_sets_no_rules_reads_them(app: Flask, buyer: Visitor, role: str, where: str) -> None:
    """The reason of an alert cites a rule: who reads alerts can look it up."""
    category = db.session.scalars(select(catalogue.Category)).first().id
    form = {f"point-{category}-all": "15", f"target-{category}-all": "60", "line": f"{category}-all"}
    assert buyer.post("/rules/categories", warehouse="CENTRAL", **form).status_code == 302
    address = f"{where}?warehouse=CENTRAL"
    read = signed_in(app, "lina", (role, None)).get(address).text
    assert re.findall(r'<bdi class="number">(15|60)</bdi>', read) == ["15", "60"]
    assert 'name="point-' not in read
    assert "Enregistrer ces règles" not in read
    assert "Enregistrer ces règles" in buyer.get(address).text


# ---- rules


def test_one_comes_back_to_the_list_one_was_in(buyer: Visitor) -> None:
    alert, here = str(alert_of("CIM").id), "warehouse=CENTRAL&level=low"
    for way in ("acknowledge", "release"):
        assert buyer.post(f"/alerts/{way}?{here}", alert=alert).location == f"/alerts?{here}"
    refused = buyer.post(f"/alerts/snooze?{here}", alert=alert, until="", reason="")
    assert refused.status_code == 422
    assert "data-opened" in refused.text  # the dialog is there again
    assert re.search(rf'value="{alert}"[^>]* checked', refused.text)  # and what was ticked
    assert "Gants" not in words(refused)  # of the same list


def test_an_empty_line_goes_back_to_the_category(buyer: Visitor) -> None:
    item = catalogue.get_item("CIM")
    category = item.category_id
    for line, point in ((f"{category}-all", "3"), (f"{category}", "4")):
        form = {"warehouse": "CENTRAL", "line": line, f"point-{line}": point, f"target-{line}": "9"}
        assert buyer.post("/rules/categories", **form).status_code == 302
    form = {"warehouse": "CENTRAL", "line": str(item.id), f"point-{item.id}-was": "15", f"target-{item.id}-was": "60"}
    assert buyer.post("/rules", **form, **{f"point-{item.id}": "", f"target-{item.id}": ""}).status_code == 302
    assert alert_of("CIM").closed_at is not None  # 10 are there, 4 would be too few
    assert db.session.scalar(select(ReorderRule.id).where(ReorderRule.item_id == item.id)) is None
    line = f"{category}"
    emptied = {f"point-{line}": "", f"target-{line}": "", f"point-{line}-was": "4", f"target-{line}-was": "9"}
    assert buyer.post("/rules/categories", warehouse="CENTRAL", line=line, **emptied).status_code == 302
    left = db.session.scalars(select(CategoryRule.reorder_point)).all()
    assert left == [Decimal(3)]
    noted = [(one.action, one.subject, one.details["before"]) for one in audit.records(action="rule")][:2]
    assert noted == [
        ("rule.default_removed", "CENTRAL/travaux", {"reorder_point": "4", "target": "9"}),
        ("rule.removed", "CENTRAL/CIM", {"reorder_point": "15", "target": "60"}),
    ]


def test_a_file_speaks_as_the_page_does(buyer: Visitor) -> None:
    buyer.post("/alerts/acknowledge", alert=str(alert_of("CIM").id))
    file = buyer.get("/alerts?warehouse=*&format=csv").text
    assert "Vu" in file
    assert "acknowledged" not in file


def test_the_list_of_rules_says_what_is_available_as_a_rule_counts_it(buyer: Visitor, amina: Identity) -> None:
    today = clock.today()
    make.location("CENTRAL", "BUREAU", "office")
    make.item("VAC", name_fr="Vaccin", tracking="lot", has_expiry=True)
    make.item("PEN", name_fr="Stylo")
    stale = make.line("VAC", "7", lot="A", expires_on=today - timedelta(days=1))
    arrived = (make.line("VAC", "9", lot="B", expires_on=today + timedelta(days=9)), make.line("PEN", "5"))
    make.posted(make.order("receipt", "CENTRAL", stale, *arrived, source="supplier:LAFARGE"), by=amina, today=today)
    gone = (
        make.line("CIM", "4", target_location="BUREAU"), make.line("PEN", "5", target_location="BUREAU"),
        make.line("VAC", "2", lot="B", target_location="QUARANTAINE"),
    )  # fmt: skip
    make.posted(make.order("move", "CENTRAL", *gone), by=amina, today=today)
    (head, *lines) = buyer.get("/rules?warehouse=CENTRAL&format=csv").get_data(as_text=True).splitlines()
    at = head.split(";").index("Disponible")
    assert {one.split(";")[0]: one.split(";")[at] for one in lines} == {"CIM": "6", "GAN": "0", "PEN": "0", "VAC": "7"}
    said = words(buyer.get("/rules?warehouse=CENTRAL&only=without"))
    assert "Vaccin" in said
    assert "Stylo" not in said, "what only an office holds is not in stock"


def test_rules_are_filled_in_and_saved_together(buyer: Visitor) -> None:
    item = catalogue.get_item("GAN").id
    page = buyer.get("/rules?warehouse=CENTRAL")
    assert page.status_code == 200
    assert f'name="point-{item}"' in page.text
    form = {"warehouse": "CENTRAL", "line": str(item), f"point-{item}": "7", f"target-{item}": "",
            f"point-{item}-was": "5", f"target-{item}-was": "20"}  # fmt: skip
    assert buyer.post("/rules", **form).status_code == 302
    rule = central_rule(item)
    assert (rule.reorder_point, rule.target) == (Decimal(7), Decimal(7))


@pytest.mark.parametrize("typed", ["-1", "many", "1e9", "1.5", ""])
def test_a_bad_rule_is_refused_and_kept_as_typed(buyer: Visitor, typed: str) -> None:
    item = catalogue.get_item("GAN").id
    form = {
        "warehouse": "CENTRAL",
        "line": str(item),
        f"point-{item}": typed,
        f"target-{item}": "3",
        f"point-{item}-was": "5",
    }
    answer = buyer.post("/rules", **form)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize("typed", ["many", "1.5", "9" * 13])
def test_what_is_wrong_is_summed_up_with_the_item_and_the_place(buyer: Visitor, typed: str) -> None:
    names = {"GAN": "Gants", "CIM": "Ciment"}
    ids = {code: catalogue.get_item(code).id for code in names}
    form = {"warehouse": "CENTRAL", "line": [str(one) for one in ids.values()]}
    answer = buyer.post("/rules", **form, **{f"point-{one}": typed for one in ids.values()})
    assert answer.status_code == 422
    for code, name in names.items():
        assert len(re.findall(rf'<a href="#point-{ids[code]}">{name}, Central\s: «', answer.text)) == 1, code
    assert "2 points à corriger" in words(answer), "an empty target is not wrong too"
    category = db.session.scalars(select(catalogue.Category).where(catalogue.Category.code == "travaux")).one().id
    form = {"warehouse": "CENTRAL", "line": [f"{category}", f"{category}-all"]}
    bad = {f"point-{category}": "many", f"point-{category}-all": "many"}
    said = words(buyer.post("/rules/categories", **form, **bad))
    assert "travaux, Central : «" in said
    assert "travaux, partout : «" in said


@pytest.mark.parametrize("where", ["/rules", "/rules/categories"])
def test_a_line_that_is_not_there_any_more_is_refused(buyer: Visitor, where: str) -> None:
    item = catalogue.get_item("GAN").id
    lines = ["999999999", "nobody", str(item)]
    form = {"warehouse": "CENTRAL", "line": lines} | {f"point-{line}": "7" for line in lines}
    answer = buyer.post(where, **form)
    assert answer.status_code == 422
    assert answer.text.count("n’existe plus") >= 2
    kept = db.session.scalars(select(ReorderRule.reorder_point).where(ReorderRule.item_id == item)).all()
    assert Decimal(7) not in kept


@pytest.mark.parametrize("typed", ["9" * 40, "9" * 5000, "0" * 60 + "7"])
def test_a_number_that_is_too_long_is_refused_whole(buyer: Visitor, typed: str) -> None:
    item = catalogue.get_item("GAN").id
    form = {"warehouse": "CENTRAL", "line": str(item), f"point-{item}": typed, f"target-{item}": typed}
    assert buyer.post("/rules", **form).status_code == 422
    rule = central_rule(item)
    assert (rule.reorder_point, rule.target) == (Decimal(5), Decimal(20))


def test_a_rule_of_a_category_opens_alerts_where_it_counts(buyer: Visitor) -> None:
    category = db.session.scalars(select(catalogue.Category).where(catalogue.Category.code == "travaux")).one().id
    assert buyer.get("/rules/categories").status_code == 200
    form = {
        "warehouse": "CENTRAL",
        "line": f"{category}-all",
        f"point-{category}-all": "100",
        f"target-{category}-all": "200",
    }
    assert buyer.post("/rules/categories", **form).status_code == 302
    assert "100" in buyer.get("/rules?warehouse=CENTRAL&format=csv").text


def test_what_a_column_that_is_not_shown_holds_stays(buyer: Visitor) -> None:
    item = catalogue.get_item("GAN")
    for where, line in (("/rules", f"{item.id}"), ("/rules/categories", f"{item.category_id}-all")):
        first = {"line": line, f"point-{line}": "5", f"target-{line}": "20"}
        buyer.post(where, warehouse="CENTRAL", **first)
        page = buyer.get(f"{where}?warehouse=CENTRAL&column=reorder_point")
        assert f'name="target-{line}"' not in page.text
        found = re.findall(rf'name="([a-z]+-{line}(?:-was)?)" (?:[^>]*? )?value="(\d*)"', page.text)
        form = {"line": line} | dict(found) | {f"point-{line}": "7"}
        assert buyer.post(f"{where}?column=reorder_point", warehouse="CENTRAL", **form).status_code == 302
    kept = [db.session.scalars(select(kind)).all() for kind in (ReorderRule, CategoryRule)]
    assert {(one.reorder_point, one.target) for one in kept[1]} == {(Decimal(7), Decimal(20))}
    assert (Decimal(7), Decimal(20)) in {(one.reorder_point, one.target) for one in kept[0]}


@pytest.mark.parametrize("role", ["buyer", "auditor"])
def test_defaults_of_categories_go_out_as_files(app: Flask, buyer: Visitor, role: str) -> None:
    with transaction():
        category = db.session.scalars(select(catalogue.Category).where(catalogue.Category.code == "travaux")).one()
        catalogue.rename(category, name_fr="=Travaux", name_ar="", name_en="")
    for line, point in ((f"{category.id}-all", "3.5"), (f"{category.id}", "4")):
        form = {"warehouse": "CENTRAL", "line": line, f"point-{line}": point, f"target-{line}": "9"}
        assert buyer.post("/rules/categories", **form).status_code == 302
    reader = signed_in(app, "lina", (role, None))
    page = reader.get("/rules/categories?warehouse=CENTRAL").text
    address = "/rules/categories?warehouse={}&amp;format=csv"
    assert address.format("CENTRAL") in page
    file = reader.get("/rules/categories?warehouse=CENTRAL&format=csv")
    assert f"category-rules-{clock.today()}.csv" in file.headers["Content-Disposition"]
    head, _, line = list(csv.reader(file.text.lstrip("\ufeff").splitlines(), delimiter=";"))
    assert dict(zip(head, line, strict=True)) == {
        "Famille": "'=Travaux", "Code": "travaux", "Articles": "1", "Magasin": "Central",
        "Partout : seuil d’alerte": "3.5", "Partout : recompléter jusqu’à": "9",
        "Ici : seuil d’alerte": "4", "Ici : recompléter jusqu’à": "9",
    }  # fmt: skip
    elsewhere = reader.get("/rules/categories?warehouse=NORTH&format=csv").text
    assert elsewhere.splitlines()[2].endswith(";3.5;9;North;;")
    book = workbook.read(reader.get("/rules/categories?format=xlsx&warehouse=CENTRAL").data)
    assert [line.cells for line in book.lines[2:]] == [("=Travaux", "travaux", 1, 3.5, 9, "Central", 4, 9)]


def test_rules_everywhere_are_for_who_may_everywhere(app: Flask, amina: Identity) -> None:
    local = signed_in(app, "omar", ("manager", "NORTH"))
    category = db.session.scalars(select(catalogue.Category)).first().id
    form = {
        "warehouse": "NORTH",
        "line": f"{category}-all",
        f"point-{category}-all": "1",
        f"target-{category}-all": "2",
    }
    assert local.post("/rules/categories", **form).status_code == 403
    assert local.get("/rules?warehouse=CENTRAL").status_code == 403
    assert local.get("/rules").status_code == 200


# ---- home and search


@pytest.mark.parametrize("role", ["storekeeper", "requester", "buyer", "manager", "auditor", "administrator"])
def test_every_role_has_a_first_page(app: Flask, amina: Identity, role: str) -> None:
    visitor = signed_in(app, "somebody", (role, None))
    page = visitor.get("/")
    assert page.status_code == 200
    assert ("Gants" in words(page)) is (role in ("buyer", "manager"))


def test_an_empty_house_says_how_to_begin(app: Flask) -> None:
    page = signed_in(app, "nadia", ("administrator", None)).get("/")
    assert page.status_code == 200
    assert signed_in(app, "nobody").get("/").status_code == 200
    buyer = signed_in(app, "karim", ("buyer", None))
    for address in ("/rules", "/rules/categories"):
        assert "Pas encore de magasin" in words(buyer.get(address))


def test_a_transfer_on_its_way_is_to_be_confirmed(app: Flask, amina: Identity, keeper: Visitor) -> None:
    from inventory import reports

    today = clock.today()
    sent = make.posted(
        make.order("transfer", "CENTRAL", make.line("CIM", "4"), target="warehouse:NORTH"), by=amina, today=today
    )
    north = warehouses.get_warehouse("NORTH").id
    assert [one.reference for one in reports.waiting_for([north])] == [sent.reference]
    other = make.person("brahim", "manager")
    make.posted(
        make.order("transfer_receipt", "NORTH", make.line("CIM", "4"), source=f"document:{sent.id}"),
        by=other,
        today=today,
    )
    assert reports.waiting_for([north]) == []


@pytest.mark.parametrize(
    ("words_", "found"),
    [("ciment", "CIM"), ("CENTRAL", "Central"), ("gants", "GAN")],
)
def test_one_box_finds_everything(buyer: Visitor, words_: str, found: str) -> None:
    assert found in words(buyer.get("/search", query_string={"q": words_}))
    typed = buyer.get(
        "/search", query_string={"q": words_}, headers={"HX-Request": "true", "HX-Target": "search-options"}
    )
    assert found in words(typed)
    assert "<html" not in typed.text


def test_a_lot_is_found_by_a_part_of_its_number_the_whole_number_first(app: Flask, amina: Identity) -> None:
    from inventory import reports

    make.item("VAC", name_fr="Vaccin", tracking="lot")
    lots = ("X-AB12-9", "AB12", "é50%ab")
    lines = (make.line("VAC", "1", lot=number) for number in lots)
    make.posted(make.order("receipt", "CENTRAL", *lines, source="supplier:LAFARGE"), by=amina, today=clock.today())

    def found(typed: str) -> list[str]:
        things = reports.search_everything(typed, stock_ids=[1], paper_ids=[])
        return [one.detail for one in things if one.kind == "lot"]

    assert found("ab12") == ["AB12", "X-AB12-9"]
    assert found("b12") == ["AB12", "X-AB12-9"]
    assert found("50%") == ["é50%ab"]
    assert found("5%b") == found("12") == [], "no signs stand for others, and two are too few"


def test_services_and_suppliers_are_found_by_who_may_see_stock(app: Flask, amina: Identity) -> None:
    from inventory import reports

    for word, kind in (("city", "service"), ("LAFARGE", "supplier")):
        assert [one.kind for one in reports.search_everything(word, stock_ids=[1], paper_ids=[])] == [kind]
        assert not reports.search_everything(word, stock_ids=[], paper_ids=[], may_see_parties=False)


def test_search_shows_only_ones_own_papers_and_places(app: Flask, amina: Identity, keeper: Visitor) -> None:
    from inventory import reports

    assert "Central" not in words(keeper.get("/search?q=CENTRAL"))
    found = reports.search_everything("1/2026", stock_ids=[], paper_ids=[])
    assert not [one for one in found if one.kind == "document"]
    for odd in ("", "%", "'", "\\", "a" * 200, "1/2026", "CENTRAL/BS/2026/000001", "D" * 20):
        assert keeper.get("/search", query_string={"q": odd}).status_code == 200
    assert keeper.get("/search", query_string={"q": "a" * 3000}).status_code == 422
