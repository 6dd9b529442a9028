"""People, their roles, passwords and tokens; my own account; who may see and change them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from inventory import access, clock, warehouses
from inventory.access import POLICY, ROLES, Grant, Token, User
from inventory.audit import AuditRecord
from inventory.database import db, transaction
from inventory.errors import LastAdministrator, NotSignedIn
from inventory.web.duties import ACTION_WORDS, ROLE_WORDS
from tests.web.visitors import PASSWORD, Visitor, add_person, signed_in, words


@pytest.fixture
def boss(app: Flask) -> Visitor:
    with transaction():
        warehouses.add_warehouse("CENTRAL", in_service_on=date(2026, 1, 1), name_fr="Dépôt central")
    return signed_in(app, "boss", ("administrator", None))


def shown_once(text: str) -> str:
    found = re.search(r'<code class="code" dir="ltr"><bdi>([^<]+)</bdi></code>', text)
    assert found is not None
    return found[1]


def grants_of(username: str) -> list[tuple[str, int | None]]:
    rows = db.session.execute(
        select(Grant.role, Grant.warehouse_id).join(User, User.id == Grant.user_id).where(User.username == username)
    )
    return [tuple(row) for row in rows]


# ---- who may


def test_a_storekeeper_sees_nobody_and_an_auditor_changes_nobody(app: Flask, boss: Visitor):
    keeper = signed_in(app, "keeper", ("storekeeper", "CENTRAL"))
    auditor = signed_in(app, "auditor", ("auditor", None))
    for address in ("/people", "/people/policy", "/people/@boss", "/people/new"):
        assert keeper.get(address).status_code == 403, address
    assert auditor.get("/people").status_code == 200
    assert auditor.get("/people/@boss").status_code == 200
    assert auditor.get("/people/policy").status_code == 200
    assert "/people/@boss/grants" not in auditor.get("/people/@boss").text
    before = grants_of("keeper")
    for act, form in (
        ("grants", {"role": "manager", "warehouse": "*"}),
        ("active", {"is_active": "0"}),
        ("password", {}),
        ("tokens", {"name": "x", "days": "30"}),
        ("name", {"display_name": "x", "language": "fr"}),
        ("unlock", {}),
    ):
        assert auditor.post(f"/people/@keeper/{act}", **form).status_code == 403, act
    assert auditor.post("/people", username="new-one", display_name="New").status_code == 403
    assert grants_of("keeper") == before
    assert db.session.scalars(select(Token)).all() == []


def test_an_administrator_of_one_warehouse_is_no_administrator_of_the_house(app: Flask, boss: Visitor):
    local = signed_in(app, "local", ("administrator", "CENTRAL"))
    assert local.get("/people").status_code == 403
    assert "/people" not in local.get("/more").text
    assert local.post("/people/@local/grants", role="administrator", warehouse="*").status_code == 403


def test_every_role_and_action_is_said_in_words(app: Flask):
    said = [action for _group, actions in ACTION_WORDS for action in actions]
    assert sorted(said) == sorted(POLICY)
    assert tuple(ROLE_WORDS) == ROLES


# ---- somebody new


def test_a_new_person_gets_a_password_once_and_must_choose_another(app: Flask, boss: Visitor):
    answer = boss.post("/people", username="Fatima.Z", display_name="فاطمة الزهراء", language="ar", password="")
    password = shown_once(answer.text)
    assert len(password) >= access.MINIMUM_PASSWORD
    assert password not in boss.get("/people/@fatima.z").text
    fatima = Visitor(app)
    assert fatima.sign_in("fatima.z", password).status_code == 302
    assert fatima.get("/more").headers["Location"] == "/account"
    assert fatima.get("/people").headers["Location"] == "/account"
    chosen = "three words and a river"
    answer = fatima.post("/account/password", old=password, password=chosen, again=chosen)
    assert answer.headers["Location"] == "/account"
    assert fatima.get("/more").status_code == 200
    assert Visitor(app).sign_in("fatima.z", password).status_code == 401


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"username": "boss", "display_name": "Again"}, "username"),
        ({"username": "", "display_name": "Nameless"}, "username"),
        ({"username": "a b", "display_name": "Spaced"}, "username"),
        ({"username": "x" * 61, "display_name": "Long"}, "username"),
        ({"username": "short", "display_name": "S", "password": "tiny"}, "password"),
        ({"username": "longname", "display_name": "y" * 121}, "display_name"),
        ({"username": "lost", "display_name": "L", "language": "de"}, "language"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(app: Flask, boss: Visitor, form: dict[str, str], field: str):
    answer = boss.post("/people", **({"language": "fr"} | form))
    assert answer.status_code in (409, 422)
    assert f'id="{field}-error"' in answer.text
    assert form["display_name"][:20] in answer.text
    assert len(db.session.scalars(select(User)).all()) == 1


# ---- roles


def test_a_role_is_given_and_withdrawn_and_both_are_noted(app: Flask, boss: Visitor):
    add_person("keeper")
    assert boss.post("/people/@keeper/grants", role="storekeeper", warehouse="CENTRAL").status_code == 302
    assert [role for role, _where in grants_of("keeper")] == ["storekeeper"]
    grant = db.session.scalars(select(Grant.id).join(User).where(User.username == "keeper")).one()
    assert boss.post("/people/@keeper/grants/withdraw", grant=str(grant)).status_code == 302
    assert grants_of("keeper") == []
    noted = db.session.scalars(select(AuditRecord.action).where(AuditRecord.actor == "boss")).all()
    assert {"grant.given", "grant.withdrawn"} <= set(noted)


def test_what_is_done_about_people_is_noted_with_where_it_was_done(app: Flask, boss: Visitor):
    add_person("keeper")
    boss.post("/people", username="new-one", display_name="New", language="fr")
    boss.post("/people/@new-one/name", display_name="Newer", language="ar")
    boss.post("/people/@keeper/grants", role="storekeeper", warehouse="CENTRAL")
    boss.post("/people/@keeper/grants/withdraw", grant=str(db.session.scalars(select(func.max(Grant.id))).one()))
    boss.post("/people/@keeper/tokens", name="bureau", days="30", token_password=PASSWORD)
    boss.post("/people/@keeper/tokens/revoke", token=str(db.session.scalars(select(Token.id)).one()))
    boss.post("/people/@keeper/password")
    boss.post("/people/@keeper/active", is_active="0")
    boss.post("/people/@keeper/active", is_active="1")
    noted = {
        one.action: one.address for one in db.session.scalars(select(AuditRecord).where(AuditRecord.actor == "boss"))
    }
    assert {
        "user.added", "user.renamed", "language.chosen", "grant.given", "grant.withdrawn", "token.created",
        "token.revoked", "password.changed", "user.deactivated", "user.activated",
    } <= noted.keys()  # fmt: skip
    assert set(noted.values()) == {"127.0.0.1"}


def test_a_role_or_place_that_is_none_is_refused(app: Flask, boss: Visitor):
    add_person("keeper")
    for role, where in (("king", "*"), ("manager", "NOWHERE"), ("", ""), ("manager", "")):
        assert boss.post("/people/@keeper/grants", role=role, warehouse=where).status_code == 422
    assert boss.post("/people/@keeper/grants/withdraw", grant="999999999999999999999").status_code == 404
    assert boss.post("/people/@nobody/grants", role="manager", warehouse="*").status_code == 404
    assert grants_of("keeper") == []


def test_nobody_gives_up_being_administrator_alone(app: Flask, boss: Visitor):
    add_person("second", ("administrator", None))
    mine = db.session.scalars(select(Grant.id).join(User).where(User.username == "boss")).one()
    assert boss.post("/people/@boss/grants/withdraw", grant=str(mine)).status_code == 409
    assert boss.post("/people/@boss/active", is_active="0").status_code == 409
    assert grants_of("boss") == [("administrator", None)]


def test_the_last_administrator_cannot_be_shut_out(app: Flask, boss: Visitor):
    by = access.identity_of(access.get_user("boss"))
    add_person("second", ("administrator", None))
    second = access.identity_of(access.get_user("second"))
    with transaction():
        access.set_active(access.get_user("second"), False, at=clock.now(), by=by)
    with pytest.raises(LastAdministrator), transaction():
        access.set_active(access.get_user("boss"), False, at=clock.now(), by=second)
    assert boss.get("/people").status_code == 200


# ---- passwords and sessions


def test_a_reset_ends_every_session_and_shows_the_password_once(app: Flask, boss: Visitor):
    keeper = signed_in(app, "keeper")
    password = shown_once(boss.post("/people/@keeper/password").text)
    assert keeper.get("/account").status_code == 302
    assert Visitor(app).sign_in("keeper").status_code == 401
    assert Visitor(app).sign_in("keeper", password).status_code == 302
    assert boss.post("/people/@keeper/password", password="short").status_code == 422


def test_nobody_sets_their_own_password_without_the_old_one(app: Flask, boss: Visitor):
    """At an open session of an administrator anybody could have taken the account."""
    page = boss.get("/people/@boss").text
    assert "/people/@boss/password" not in page
    assert 'href="/account"' in page
    answer = boss.post("/people/@boss/password", password="another long password")
    assert answer.status_code == 409
    assert "Mon compte" in words(answer)
    assert boss.get("/people").status_code == 200
    assert Visitor(app).sign_in("boss").status_code == 302


def test_my_new_password_needs_the_old_one_and_ends_my_other_sessions(app: Flask, boss: Visitor):
    elsewhere = Visitor(app)
    elsewhere.sign_in("boss")
    new = "another long password"
    for old, password, again, field in (
        ("wrong", new, new, "old"),
        (PASSWORD, new, "not the same", "again"),
        (PASSWORD, "short", "short", "password"),
        (PASSWORD, PASSWORD, PASSWORD, "password"),
    ):
        answer = boss.post("/account/password", old=old, password=password, again=again)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    cookie = boss.cookie()
    assert boss.post("/account/password", old=PASSWORD, password=new, again=new).status_code == 302
    assert boss.cookie() != cookie
    assert boss.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert Visitor(app).sign_in("boss", new).status_code == 302


def test_guessing_the_old_password_locks_like_signing_in(app: Flask, boss: Visitor):
    answers = [boss.post("/account/password", old="wrong", password="x", again="x").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_i_see_where_i_am_signed_in_and_sign_out_there(app: Flask, boss: Visitor):
    phone = Visitor(app)
    phone.sign_in("boss")
    there = re.findall(r'name="session" value="(\d+)"', boss.get("/account").text)
    assert len(there) == 1  # not the one I am using
    stranger = signed_in(app, "stranger")
    assert stranger.post("/account/sessions", session=there[0]).status_code == 404
    assert phone.get("/account").status_code == 200
    assert boss.post("/account/sessions", session=there[0]).status_code == 302
    assert phone.get("/account").status_code == 302


def test_my_language_is_kept_for_every_device(app: Flask, boss: Visitor):
    assert boss.post("/account/language", language="ar").status_code == 302
    assert '<html lang="ar"' in boss.get("/account").text
    phone = Visitor(app)
    phone.sign_in("boss")
    assert '<html lang="ar"' in phone.get("/account").text
    assert boss.post("/account/language", language="xx").status_code == 422


# ---- tokens


def new_token(visitor: Visitor, **form: str) -> TestResponse:
    return visitor.post("/account/tokens", **({"name": "portal", "days": "30", "token_password": PASSWORD} | form))


def test_a_token_is_shown_once_and_dies_when_revoked(app: Flask, boss: Visitor):
    answer = new_token(boss, is_read_only="1")
    token = shown_once(answer.text)
    assert token not in boss.get("/account").text
    assert access.by_token(token, at=clock.now()).is_read_only
    kept = db.session.scalars(select(Token.id)).one()
    stranger = signed_in(app, "stranger")
    assert stranger.post("/account/tokens/revoke", token=str(kept)).status_code == 404
    assert boss.post("/account/tokens/revoke", token=str(kept)).status_code == 302
    with pytest.raises(NotSignedIn):
        access.by_token(token, at=clock.now())


def test_a_form_sent_twice_makes_one_token(app: Flask, boss: Visitor):
    first, again = (new_token(boss) for _ in range(2))
    assert first.status_code == 200
    assert again.status_code == 422
    kept = db.session.scalars(select(Token.id)).one()
    boss.post("/account/tokens/revoke", token=str(kept))
    assert new_token(boss).status_code == 200


@pytest.mark.parametrize("address", ["/account/tokens", "/people/@keeper/tokens"])
def test_a_token_asks_for_ones_own_password_and_counts_wrong_ones(app: Flask, boss: Visitor, address: str):
    """Whoever finds a session open would else leave with a key that lives a year."""
    add_person("keeper")
    form = {"name": "portal", "days": "30"}
    for wrong in ({}, {"token_password": "not the password"}):
        answer = boss.post(address, **form, **wrong)
        assert answer.status_code == 422
        assert 'id="token_password-error"' in answer.text
    tries = [boss.post(address, **form, token_password="wrong").status_code for _ in range(4)]
    assert tries == [422] * 3 + [429]
    assert db.session.scalars(select(Token)).all() == []


def test_a_token_lives_a_year_at_most_and_the_limit_is_said(app: Flask, boss: Visitor):
    answer = new_token(boss, days="367")
    assert answer.status_code == 422
    assert "366" in words(answer)
    assert new_token(boss, days="366").status_code == 200


def test_a_reset_revokes_every_token_says_so_and_notes_it(app: Flask, boss: Visitor):
    keeper = signed_in(app, "keeper")
    secrets = [shown_once(new_token(keeper, name=name).text) for name in ("portal", "scales")]
    page = boss.post("/people/@keeper/password")
    assert "2 jetons" in words(page)
    for secret in secrets:
        with pytest.raises(NotSignedIn):
            access.by_token(secret, at=clock.now())
    revoked = select(AuditRecord).where(AuditRecord.action == "token.revoked").order_by(AuditRecord.id)
    noted = db.session.scalars(revoked).all()
    assert [(one.actor, one.subject, one.details["name"]) for one in noted] == [
        ("boss", "keeper", "portal"), ("boss", "keeper", "scales"),
    ]  # fmt: skip


def test_my_own_new_password_leaves_my_tokens_and_the_page_leads_to_them(app: Flask, boss: Visitor):
    assert 'href="#tokens"' not in boss.get("/account").text
    secret = shown_once(new_token(boss).text)
    assert 'href="#tokens"' in boss.get("/account").text
    new = "another long password"
    boss.post("/account/password", old=PASSWORD, password=new, again=new)
    assert "Vos jetons pour les programmes restent valables" in words(boss.get("/account"))
    assert access.by_token(secret, at=clock.now()).username == "boss"


@pytest.mark.parametrize(
    "address", ["/people?state=gone", "/people?role=king", "/services?state=x", "/suppliers?state=x"]
)
def test_a_filter_that_is_none_is_refused_not_passed_over(boss: Visitor, address: str):
    assert boss.get(address).status_code == 422


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "days": "30"},
        {"name": "x", "days": "0"},
        {"name": "x", "days": "367"},
        {"name": "x", "days": "9" * 30},
        {"name": "y" * 81, "days": "1"},
    ],
)
def test_a_token_needs_a_purpose_and_an_end(app: Flask, boss: Visitor, form: dict[str, str]):
    assert new_token(boss, **form).status_code == 422
    assert db.session.scalars(select(Token)).all() == []


# ---- the list


def test_people_are_found_by_name_role_and_place_and_leave_as_a_file(app: Flask, boss: Visitor):
    add_person("amina", ("storekeeper", "CENTRAL"), language="ar")
    add_person("brahim", ("auditor", None))
    assert "@amina" in boss.get("/people?search=AMINA").text
    assert "@brahim" not in boss.get("/people?search=amina").text
    assert "@brahim" not in boss.get("/people?role=storekeeper").text
    found = boss.get("/people?warehouse=CENTRAL&role=auditor").text
    assert "@brahim" in found
    assert "@amina" not in found
    file = boss.get("/people?search=amina&format=csv")
    assert file.mimetype == "text/csv"
    lines = file.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "amina" in lines[1]
    assert boss.get("/people?format=xlsx").data[:2] == b"PK"


def test_the_list_goes_on_after_the_last_name_of_a_page(app: Flask, boss: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("inventory.web.finding.PAGE", 2)
    for name in ("aa", "bb", "cc"):
        add_person(name)
    first = boss.get("/people").text
    assert "cursor=bb" in first
    second = boss.get("/people?cursor=bb").text
    assert "@cc" in second
    assert "@aa" not in second
    assert boss.get("/people?cursor=%00").status_code == 400


def test_pages_speak_the_readers_language(app: Flask, boss: Visitor):
    boss.post("/account/language", language="ar")
    page = words(boss.post("/people", username="", display_name="", language="ar"))
    assert not re.search(r"\b(Enter|Name|Password|password)\b", page)
