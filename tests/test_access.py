"""Who may do what, and how one proves who one is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inventory import access, audit, settings, warehouses
from inventory.access import POLICY, READING, ROLES, Grant, Identity, Token, User
from inventory.database import db, transaction
from inventory.errors import (
    AlreadyExists,
    InvalidRequest,
    LastAdministrator,
    LockedOut,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OwnAccess,
    OwnPassword,
    TemporaryPassword,
)
from tests import make

SECRET = "a long enough secret"
NOON = datetime.fromisoformat("2026-11-23T12:00:00Z")


def minutes(count: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=count)


def user(username: str) -> User:
    return access.get_user(username)


def done_to(verb: Any, username: str, *arguments: Any, **named: Any) -> Any:
    """A verb about somebody, who is looked up in the verb's own transaction."""
    with transaction():
        return verb(user(username), *arguments, **named)


def boss(username: str = "nadia") -> Identity:
    return make.person(username, "administrator")


def someone(username: str = "amina", password: str = SECRET, **details: Any) -> User:
    return make.done(access.add_user, username, password, at=NOON, **details)


def tried(
    username: str = "amina", password: str = SECRET, *, at: datetime = NOON, address: str = "10.0.0.1"
) -> Identity | None:
    """One try to sign in, as the page makes it."""
    return make.done(access.sign_in, username, password, at=at, today=make.TODAY, address=address)


def wrong(times: int, username: str = "amina", *, at: datetime = NOON, address: str = "10.0.0.1") -> None:
    for _ in range(times):
        assert tried(username, "a wrong password", at=at, address=address) is None


def acts() -> list[str]:
    """What the audit trail says, the first first."""
    return [one.action for one in audit.records(limit=None)][::-1]


# ---- law 1: the policy table


def test_every_action_is_allowed_to_somebody_and_only_to_roles_there_are() -> None:
    assert all(roles and roles <= set(ROLES) for roles in POLICY.values())


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    allowed = {action for action, roles in POLICY.items() if "auditor" in roles}
    assert allowed == READING | {"ledger.verify"}  # which reads as well


def test_each_role_may_post_what_its_work_is() -> None:
    kinds = [action.removesuffix(".post") for action in POLICY if action.endswith(".post")]
    posting = {role: {kind for kind in kinds if role in POLICY[f"{kind}.post"]} for role in ROLES}
    everyday = set(kinds) - {"write_off", "adjustment"}
    assert posting["storekeeper"] == everyday
    assert posting["manager"] == everyday | {"write_off", "adjustment"}
    assert [role for role in ROLES if posting[role]] == ["storekeeper", "manager"]


def test_who_rules_the_people_keeps_no_goods() -> None:
    allowed = {action for action, roles in POLICY.items() if "administrator" in roles}
    assert {"people.write", "settings.write", "warehouse.write"} <= allowed
    assert not {"stock.read", "document.read", "issue.post"} & allowed


# ---- law 2: grants per warehouse


@pytest.fixture
def stores(app: Flask) -> dict[str, int]:
    return {code: make.warehouse(code).id for code in ("CENTRAL", "NORTH")}


def test_a_grant_counts_in_its_warehouse_and_nowhere_else(stores: dict[str, int]) -> None:
    amina = make.person("amina", "storekeeper", at="NORTH")
    assert amina.may("issue.post", stores["NORTH"])
    assert not amina.may("issue.post", stores["CENTRAL"])
    assert not amina.may("issue.post")  # everywhere
    assert amina.may_somewhere("issue.post")
    assert amina.warehouses("issue.post") == {stores["NORTH"]}
    assert access.require_somewhere(amina, "issue.post") == {stores["NORTH"]}
    with pytest.raises(NotAllowed):
        access.require(amina, "issue.post", stores["CENTRAL"])


def test_a_grant_everywhere_counts_in_every_warehouse(stores: dict[str, int]) -> None:
    driss = make.person("driss", "manager")
    assert all(driss.may("write_off.post", where) for where in (*stores.values(), None))
    assert access.require_somewhere(driss, "write_off.post") is None


def test_who_holds_no_role_may_nothing(stores: dict[str, int]) -> None:
    nobody = make.person("karim")
    assert [action for action in POLICY if nobody.may_somewhere(action)] == []
    with pytest.raises(NotAllowed):
        access.require_somewhere(nobody, "stock.read")


def test_roles_in_two_warehouses_do_not_mix(stores: dict[str, int]) -> None:
    amina = make.person("amina", "storekeeper", at="NORTH")
    done_to(access.grant, "amina", "auditor", warehouses.get_warehouse("CENTRAL"), at=NOON)
    amina = access.identity_of(user("amina"))
    assert (amina.may("issue.post", stores["CENTRAL"]), amina.may("stock.read", stores["CENTRAL"])) == (False, True)
    assert amina.warehouses("stock.read") == set(stores.values())


def test_a_role_given_twice_is_held_once(stores: dict[str, int]) -> None:
    someone()
    for _ in range(2):
        done_to(access.grant, "amina", "buyer", None, at=NOON)
        done_to(access.grant, "amina", "buyer", warehouses.get_warehouse("NORTH"), at=NOON)
    assert len(access.identity_of(user("amina")).grants) == 2
    assert acts().count("grant.given") == 2


def test_the_database_knows_the_roles_too(stores: dict[str, int]) -> None:
    someone()
    with pytest.raises(InvalidRequest):
        done_to(access.grant, "amina", "emperor", None, at=NOON)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Grant(user_id=user("amina").id, role="emperor", granted_at=NOON))


def test_a_grant_is_taken_back_from_who_holds_it(stores: dict[str, int]) -> None:
    make.person("amina", "storekeeper", at="NORTH")
    someone("driss")
    held = db.session.scalars(select(Grant.id)).one()
    nadia = boss()
    with pytest.raises(NotFound):
        done_to(access.withdraw, "driss", held, at=NOON, by=nadia)
    done_to(access.withdraw, "amina", held, at=NOON, by=nadia)
    assert access.identity_of(user("amina")).grants == frozenset()


# ---- law 3: passwords, and wrong tries


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001, "twelve\x00chars!"])
def test_a_password_is_long_enough_and_can_be_typed(app: Flask, password: str) -> None:
    with pytest.raises(InvalidRequest):
        someone(password=password)


@pytest.mark.parametrize(
    "password",
    [
        "amina.benali", "Amina.Benali 2026", "amina.benali amina.benali", "123456789012", "٠٦١٢٣٤٥٦٧٨٩٠",
        "aaaaaaaaaaaaab", "MotDePasse-2026", "Azertyuiop123", "الدار البيضاء 2026",
    ],
)  # fmt: skip
def test_a_password_is_not_what_everybody_tries_first(app: Flask, password: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        someone("amina.benali", password)
    assert caught.value.faults[0].code == "guessable"


def test_a_few_words_are_a_password(app: Flask) -> None:
    someone("amina.benali", "amina aime le thé")


def test_a_password_is_kept_as_argon2id_alone(app: Flask, slow_passwords: None) -> None:
    kept = someone().password_hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert SECRET not in kept


@pytest.mark.parametrize("username", ["a", "amina benali", "x" * 61, "amina\x00"])
def test_a_name_that_could_not_be_typed_is_refused(app: Flask, username: str) -> None:
    with pytest.raises(InvalidRequest):
        someone(username)


def test_a_name_is_one_however_it_is_typed(app: Flask) -> None:
    someone("Amina")
    with pytest.raises(AlreadyExists):
        someone(" AMINA ")
    found = tried("  aMINA")
    assert found is not None
    assert found.username == "amina"


def test_the_right_password_opens_and_a_wrong_one_does_not(app: Flask) -> None:
    someone()
    wrong(1)
    assert tried() is not None
    assert tried("nobody") is None
    assert acts() == ["user.added", "sign_in.refused", "sign_in.accepted", "sign_in.refused"]


def test_who_was_shut_out_cannot_sign_in(app: Flask) -> None:
    someone()
    done_to(access.set_active, "amina", False, at=NOON, by=boss())
    assert tried() is None


def test_wrong_tries_lock_a_name_for_everybody_until_the_lock_ends(app: Flask) -> None:
    someone()
    wrong(5)
    for address in ("10.0.0.1", "10.0.0.2"):
        with pytest.raises(LockedOut) as caught:
            tried(at=minutes(14), address=address)  # the right password, from anywhere
        assert caught.value.details == {"minutes": 2}
    assert tried(at=minutes(15.1)) is not None


def test_a_right_try_forgets_the_wrong_ones_of_the_name(app: Flask) -> None:
    someone()
    for _ in range(3):
        wrong(4)
        assert tried() is not None


def test_old_wrong_tries_are_forgotten(app: Flask) -> None:
    someone()
    wrong(4)
    wrong(4, at=minutes(16))
    assert tried(at=minutes(16)) is not None


def test_an_address_that_tries_many_names_is_locked(app: Flask) -> None:
    someone()
    make.done(settings.decide, {"sign_in_tries": 2}, effective_on=make.TODAY, at=NOON, by=boss())
    for number in range(20):
        wrong(1, f"guess{number}")
    with pytest.raises(LockedOut):
        tried()
    assert tried(address="10.0.0.2") is not None  # the person is not to blame


def test_ones_own_password_is_confirmed_under_the_same_lock(app: Flask) -> None:
    amina = access.identity_of(someone())
    asked = {"at": NOON, "today": make.TODAY, "address": "10.0.0.1"}
    assert make.done(access.confirm, amina, SECRET, **asked) is True
    for _ in range(5):
        assert make.done(access.confirm, amina, "a wrong password", **asked) is False
    with pytest.raises(LockedOut):
        make.done(access.confirm, amina, SECRET, **asked)


# ---- law 3: tokens


def token(**details: Any) -> str:
    return done_to(access.create_token, "amina", "scales", at=NOON, **details)


def test_a_token_says_who_and_is_kept_as_a_hash(app: Flask) -> None:
    someone()
    secret = token()
    assert access.by_token(secret, at=NOON).username == "amina"
    assert secret not in db.session.scalars(select(Token.token_hash)).one()


def test_a_token_ends_on_its_day(app: Flask) -> None:
    someone()
    secret = token(days=1)
    assert access.by_token(secret, at=NOON + timedelta(hours=23)).username == "amina"
    with pytest.raises(NotSignedIn):
        access.by_token(secret, at=NOON + timedelta(days=1))


@pytest.mark.parametrize("days", [0, 367])
def test_a_token_has_an_end(app: Flask, days: int) -> None:
    someone()
    with pytest.raises(InvalidRequest):
        token(days=days)


def test_a_revoked_token_opens_nothing_and_is_revoked_once(app: Flask) -> None:
    someone()
    secret = token()
    number = db.session.scalars(select(Token.id)).one()
    nadia = boss()
    for _ in range(2):
        make.done(access.revoke_token, number, at=NOON, by=nadia)
    with pytest.raises(NotSignedIn):
        access.by_token(secret, at=NOON)
    assert acts().count("token.revoked") == 1


@pytest.mark.parametrize("foreign", ["", "mkz_guess", "x" * 200])
def test_a_token_nobody_made_opens_nothing(app: Flask, foreign: str) -> None:
    with pytest.raises(NotSignedIn):
        access.by_token(foreign, at=NOON)


def test_a_read_only_token_reads_and_changes_nothing_whatever_the_person_may(stores: dict[str, int]) -> None:
    make.person("amina", "manager")
    reader = access.by_token(token(is_read_only=True), at=NOON)
    assert reader.may("stock.read", stores["NORTH"])
    assert {action for action in POLICY if reader.may_somewhere(action)} <= READING
    with pytest.raises(NotAllowed):
        access.require_somewhere(reader, "issue.post")


def test_who_has_only_a_temporary_password_does_nothing_through_a_token(app: Flask) -> None:
    make.done(access.add_user, "amina", SECRET, at=NOON, is_temporary=True)
    secret = token()
    with pytest.raises(TemporaryPassword):
        access.by_token(secret, at=NOON)
    done_to(access.change_password, "amina", "another long secret", at=NOON, by=None)
    assert access.by_token(secret, at=NOON).username == "amina"


def test_a_temporary_password_ends_the_tokens_with_it_or_nothing(app: Flask) -> None:
    someone()
    secret, nadia = token(), boss()
    with pytest.raises(InvalidRequest):
        done_to(access.reset_password, "amina", "weak", at=NOON, by=nadia)
    assert access.by_token(secret, at=NOON).username == "amina"
    assert done_to(access.reset_password, "amina", "another long secret", at=NOON, by=nadia) == 1
    with pytest.raises(NotSignedIn):
        access.by_token(secret, at=NOON)
    done_to(access.change_password, "amina", "a third long secret", at=NOON, by=None)
    with pytest.raises(NotSignedIn):  # it is revoked, not asleep until another password is chosen
        access.by_token(secret, at=NOON)
    assert acts().count("token.revoked") == 1


def test_the_command_line_makes_no_token_that_outlives_a_year(app: Flask) -> None:
    someone()
    runner = app.test_cli_runner()
    refused = runner.invoke(args=["create-token", "amina", "--days", "367"])
    assert refused.exit_code != 0
    assert "366" in refused.output
    assert runner.invoke(args=["create-token", "amina", "--days", "366"]).exit_code == 0


def test_a_token_stops_counting_with_the_person(app: Flask) -> None:
    someone()
    secret = token()
    done_to(access.set_active, "amina", False, at=NOON, by=boss())
    with pytest.raises(NotSignedIn):
        access.by_token(secret, at=NOON)


def test_no_token_comes_back_when_the_person_is_let_in_again(app: Flask) -> None:
    """The page says that their tokens have ended: the key in a lost laptop once worked again."""
    someone()
    secret, nadia = token(), boss()
    done_to(access.set_active, "amina", False, at=NOON, by=nadia)
    done_to(access.set_active, "amina", True, at=NOON, by=nadia)
    with pytest.raises(NotSignedIn):
        access.by_token(secret, at=NOON)
    assert access.by_token(token(), at=NOON).username == "amina"  # of the same name as the one before


# ---- laws 4 and 5


def test_a_new_password_ends_sessions_and_no_token(app: Flask) -> None:
    before = access.identity_of(someone())
    secret = token()
    done_to(access.change_password, "amina", "another long secret", at=NOON, by=before)
    assert access.identity_of(user("amina")).session_version == before.session_version + 1
    assert access.by_token(secret, at=NOON).id == before.id
    assert tried() is None
    assert tried(password="another long secret") is not None


def test_nobody_shuts_themselves_out(app: Flask) -> None:
    nadia = boss()
    boss("omar")
    with pytest.raises(OwnAccess):
        done_to(access.set_active, "nadia", False, at=NOON, by=nadia)
    own = db.session.scalars(select(Grant.id).where(Grant.user_id == nadia.id)).one()
    with pytest.raises(OwnAccess):
        done_to(access.withdraw, "nadia", own, at=NOON, by=nadia)


def test_nobody_resets_their_own_password(app: Flask) -> None:
    nadia = boss()
    with pytest.raises(OwnPassword):
        done_to(access.reset_password, "nadia", "another long secret", at=NOON, by=nadia)
    assert not user("nadia").password_is_temporary


def test_the_last_administrator_stays(app: Flask) -> None:
    nadia, omar = boss(), boss("omar")
    done_to(access.set_active, "omar", False, at=NOON, by=nadia)
    with pytest.raises(LastAdministrator):  # omar is shut out; nadia alone is left
        done_to(access.set_active, "nadia", False, at=NOON, by=omar)
    own = db.session.scalars(select(Grant.id).where(Grant.user_id == nadia.id)).one()
    with pytest.raises(LastAdministrator):
        done_to(access.withdraw, "nadia", own, at=NOON, by=omar)
    assert user("nadia").is_active


def test_an_administrator_of_one_warehouse_does_not_keep_the_house(stores: dict[str, int]) -> None:
    nadia = boss()
    make.person("omar", "administrator", at="NORTH")
    with pytest.raises(LastAdministrator):
        done_to(access.set_active, "nadia", False, at=NOON, by=make.person("command"))
    assert nadia.may("people.write")


def test_what_is_done_to_people_is_noted_without_secrets(app: Flask) -> None:
    nadia = boss()
    someone(by=nadia)
    done_to(access.rename, "amina", "Amina B.", at=NOON, by=nadia)
    done_to(access.set_language, "amina", "fr", at=NOON, by=nadia)
    done_to(access.change_password, "amina", "another long secret", at=NOON, by=nadia)
    secret = token(by=nadia)
    kept = list(audit.records(limit=None))[::-1]
    assert [one.action for one in kept] == [
        "user.added", "user.renamed", "language.chosen", "password.changed", "token.created",
    ]  # fmt: skip
    assert {one.actor for one in kept} == {"nadia"}
    assert not any(word in str(one.details) for one in kept for word in (secret, SECRET, "another long secret"))


# ---- from the command line


@pytest.mark.parametrize(
    ("options", "language"), [((), "ar"), (("--language", "fr"), "fr"), (("--language", "en"), "en")]
)
def test_the_first_administrator_chooses_a_language(
    app: Flask, cli: FlaskCliRunner, options: tuple[str, ...], language: str
) -> None:
    told = cli.invoke(args=["create-admin", "nadia", "--password-stdin", *options], input="a long enough secret\n")
    assert told.exit_code == 0, told.output
    user = access.get_user("nadia")
    assert user.language == language
    assert sorted(role for role, _where in access.identity_of(user).grants) == ["administrator", "manager"]


def test_a_language_that_the_house_does_not_speak_is_refused(app: Flask, cli: FlaskCliRunner) -> None:
    told = cli.invoke(args=["create-admin", "nadia", "--password-stdin", "--language", "es"], input="a long secret\n")
    assert told.exit_code == 2
    assert "'ar', 'fr', 'en'" in told.output
    assert db.session.scalars(select(User)).all() == []
