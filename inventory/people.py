"""The people of the house as lists show them: names, what they hold, their tokens. It asks, ``access`` changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from inventory.access import Grant, Token, User, WrongTry
from inventory.database import db
from inventory.warehouses import Warehouse


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, in a warehouse or (None) everywhere."""

    id: int
    user_id: int
    role: str
    warehouse: Warehouse | None


def people(*, role: str = "", warehouse: str = "", is_active: bool | None = None) -> Select[Any]:
    """Everybody, or those who hold a role, in a warehouse (or everywhere, which includes it)."""
    question = select(User.id, User.username, User.display_name, User.language, User.is_active)
    if is_active is not None:
        question = question.where(User.is_active.is_(is_active))
    if role or warehouse:
        held = select(Grant.id).outerjoin(Warehouse, Warehouse.id == Grant.warehouse_id)
        held = held.where(Grant.user_id == User.id)
        if role:
            held = held.where(Grant.role == role)
        if warehouse:
            held = held.where((Warehouse.code == warehouse) | Grant.warehouse_id.is_(None))
        question = question.where(held.exists())
    return question


def held_by(user_ids: Sequence[int]) -> dict[int, list[Held]]:
    """The roles of several people, in one question; those held everywhere first."""
    rows = db.session.execute(
        select(Grant.id, Grant.user_id, Grant.role, Warehouse)
        .outerjoin(Warehouse, Warehouse.id == Grant.warehouse_id)
        .where(Grant.user_id.in_(user_ids))
        .order_by(Grant.warehouse_id.is_not(None), Warehouse.code, Grant.role)
    )
    found: dict[int, list[Held]] = {}
    for grant_id, user_id, role, warehouse in rows:
        found.setdefault(user_id, []).append(Held(grant_id, user_id, role, warehouse))
    return found


def names_of(usernames: Collection[str]) -> dict[str, str]:
    """What people are called, by their usernames; of those that are none, nothing."""
    named = select(User.username, User.display_name).where(User.username.in_(usernames))
    return {row.username: row.display_name for row in db.session.execute(named)}


def tokens_of(user_id: int) -> list[Token]:
    """The tokens of a person, newest first, ended ones included."""
    return list(db.session.scalars(select(Token).where(Token.user_id == user_id).order_by(Token.id.desc())))


def locked_until(username: str, at: datetime) -> datetime | None:
    """Until when wrong tries keep a name out; None when they do not."""
    return db.session.scalar(
        select(WrongTry.locked_until).where(WrongTry.subject == f"name:{username}", WrongTry.locked_until > at)
    )


def unlock(username: str) -> None:
    """Forgets the wrong tries of a name."""
    found = db.session.get(WrongTry, f"name:{username}")
    if found is not None:
        db.session.delete(found)
