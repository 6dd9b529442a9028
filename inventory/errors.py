"""Every way the system says no.

Laws:
1. A refusal has a class, a stable code, an HTTP status and a sentence that says the way out.
2. It is raised in one place; doors turn it into an answer, nobody else catches it.
3. Its numbers and days stand in ``details``, as such; the sentence is a template, translated at the door, which writes
   them as the language of the moment does.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NoReturn, TypeVar

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from inventory import amounts
from inventory.names import Names

T = TypeVar("T")
Pointer = str
"""A JSON pointer into the request, such as ``/lines/3/quantity``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one field. ``message`` is a template for ``details``."""

    pointer: Pointer
    code: str
    message: Any
    details: dict[str, Any] = field(default_factory=dict)

    def sentence(self) -> str:
        template: str = gettext(str(self.message))  # plain templates are translated here, lazy ones were already
        return _filled(template, self.details)


def _filled(template: str, details: dict[str, Any]) -> str:
    return template % {name: _written(value) for name, value in details.items()} if details else template


def _written(value: Any) -> Any:
    """A number, a day or a name as the language of the moment writes it."""
    if isinstance(value, Names):
        locale = get_locale()
        return getattr(value, locale.language if locale else "en") or value.french
    if isinstance(value, Decimal):
        return amounts.decimal_figures(value, point=decimal_point())
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "—" if value is None else value


def decimal_point() -> str:
    """The decimal sign of the language of the moment."""
    locale = get_locale()
    return "." if locale is None or locale.language == "en" else ","


class Refusal(Exception):
    """The system says no and nothing has changed.

    ``details`` fill the sentence; ``faults`` list every bad field at once.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    title: ClassVar[Any] = _l("This cannot be done")
    sentence: ClassVar[Any] = _l("This cannot be done.")

    def __init__(self, faults: list[Fault] | None = None, /, **details: Any) -> None:
        self.faults = list(faults or [])
        self.details = details
        super().__init__(self.code, details)

    def message(self) -> str:
        """The sentence in the language of the moment."""
        return _filled(str(self.sentence), self.details)

    def __str__(self) -> str:
        return f"{self.code} {self.details or ''}".strip()


class InvalidRequest(Refusal):
    code, status = "invalid", 422
    title = _l("Some of what you entered cannot be used")
    sentence = _l("Correct the fields that are marked; nothing has been changed.")

    def message(self) -> str:
        if len(self.faults) == 1:
            return self.faults[0].sentence()
        return super().message()


class NotFound(Refusal):
    code, status = "not_found", 404
    title = _l("Not found")
    sentence = _l("There is nothing here under “%(what)s”.")


class NotAllowed(Refusal):
    code, status = "not_allowed", 403
    title = _l("Not allowed")
    sentence = _l("Your roles do not allow this here. Ask the manager of the warehouse or an administrator.")


class ReadOnlyToken(NotAllowed):
    code = "read_only_token"
    title = _l("This token only reads")
    sentence = _l("This token may look and change nothing: make another one for programs that change something.")


class NotSignedIn(Refusal):
    code, status = "not_signed_in", 401
    title = _l("Sign in first")
    sentence = _l("Sign in, or send a valid token.")


class TemporaryPassword(NotAllowed):
    code = "temporary_password"
    title = _l("Choose your own password first")
    sentence = _l("Your password is temporary: choose your own first.")


class SignInRefused(Refusal):
    code, status = "sign_in_refused", 401
    title = _l("Sign-in refused")
    sentence = _l("The username or the password is wrong.")


class LockedOut(Refusal):
    code, status = "locked_out", 429
    title = _l("Too many tries")
    sentence = _l("Too many wrong tries. Wait %(minutes)s min, or ask an administrator.")


class DeviceUnknown(Refusal):
    code, status = "device_unknown", 401
    title = _l("This device is not enrolled")
    sentence = _l("This device is not enrolled, or no longer: sign in with your password.")


class PinRefused(Refusal):
    code, status = "pin_refused", 401
    title = _l("PIN refused")
    sentence = _l("This PIN does not open this device for this person. After a few wrong ones the password is needed.")


class PinLocked(Refusal):
    code, status = "pin_locked", 429
    title = _l("Too many wrong PINs")
    sentence = _l("Too many wrong PINs: sign in with the password, then set a new PIN.")


class BadgeRefused(Refusal):
    code, status = "badge_refused", 401
    title = _l("Badge refused")
    sentence = _l("This badge opens nothing on this device: sign in once with the password, or ask for a new badge.")


class Conflict(Refusal):
    """What is asked clashes with what stands."""

    code, status = "conflict", 409


class InsufficientStock(Conflict):
    code = "insufficient_stock"
    title = _l("Not enough in stock")
    sentence = _l("%(item)s at %(place)s: %(available)s can be taken, %(asked)s asked. Take less, or bring more in.")
    barred = _l(
        "%(item)s at %(place)s: %(available)s can be taken, %(asked)s asked. "
        "What is expired or in quarantine there (%(barred)s) cannot leave: take less, or bring more in."
    )
    then = _l(
        "%(item)s at %(place)s on %(on)s: %(available)s could be taken, %(asked)s asked. "
        "Choose a later date, or take less."
    )
    gone = _l(
        "%(item)s at %(place)s: of the %(asked)s that came, %(available)s are still there. "
        "Reverse first the papers that took the rest, the latest first."
    )

    def message(self) -> str:
        return self.faults[0].sentence()


class NegativeLater(Conflict):
    code = "negative_later"
    title = _l("A later day would go below zero")
    sentence = _l(
        "With this date, %(item)s would fall below zero on %(on)s at %(location)s: "
        "choose a later date, or correct the later papers first."
    )


class KeyReused(Conflict):
    code = "key_reused"
    title = _l("This key was already used")
    sentence = _l("This key belongs to another request. Nothing was posted; send this one with a new key.")


class ClosedPeriod(Conflict):
    code = "closed_period"
    title = _l("This period is closed")
    sentence = _l("The period up to %(last_on)s is closed: choose a later date.")


class CountBarrier(Conflict):
    code = "count_barrier"
    title = _l("Counted since")
    sentence = _l("%(item)s was counted at %(location)s on %(on)s; nothing before that count can change.")


class BackDated(Conflict):
    code = "back_dated"
    title = _l("Too far back")
    sentence = _l("The date may lie at most %(days)s days back: %(earliest_on)s at the earliest.")


class FutureDate(Conflict):
    code = "future_date"
    status = 422
    title = _l("This date has not come yet")
    sentence = _l("%(on)s has not come yet: a paper is dated today or earlier.")


class ExpiredLot(Conflict):
    code = "expired_lot"
    title = _l("This lot has expired")
    sentence = _l("Lot %(lot)s of %(item)s expired on %(expires_on)s: write it off; it cannot be issued.")


class AlreadyReversed(Conflict):
    code = "already_reversed"
    title = _l("Already reversed")
    sentence = _l("Paper %(number)s was already reversed by %(reversed_by)s.")


class NotReversible(Conflict):
    code = "not_reversible"
    title = _l("This paper cannot be reversed")
    sentence = _l("Paper %(number)s cannot be reversed: %(why)s")


class NumberElsewhere(Conflict):
    code = "number_elsewhere"
    title = _l("These numbers are not there")
    sentence = _l("Numbers %(first)s to %(last)s of %(item)s do not all lie at %(location)s.")
    arriving = _l(
        "Of the numbers %(first)s to %(last)s of %(item)s some lie in a store already, or moved on a later day."
    )


class UnitElsewhere(Conflict):
    code = "unit_elsewhere"
    title = _l("This unit is already in a store")
    sentence = _l("Unit %(lot)s of %(item)s already stands in a store: one inventory number is one thing.")
    known = _l(
        "Unit %(lot)s of %(item)s was received before: it comes back by a return, "
        "and another thing takes another number."
    )

    def message(self) -> str:
        return self.faults[0].sentence()


class MoreThanSent(Conflict):
    code = "more_than_sent"
    title = _l("More than was sent")
    sentence = _l("%(item)s: %(received)s entered, %(outstanding)s still on the way on transfer %(number)s.")


class SecondPerson(Conflict):
    code = "second_person"
    title = _l("A second person must do this")
    sentence = _l("Who sent or received these goods cannot also settle the difference: ask a colleague.")


class PracticeApart(Conflict):
    code = "practice_apart"
    title = _l("Practice stays apart")
    sentence = _l("Goods for practice never mix with real ones: choose another warehouse.")


class AlreadyExists(Conflict):
    code = "already_exists"
    title = _l("This exists already")
    sentence = _l("“%(what)s” is already in use.")


class OwnAccess(Conflict):
    code = "own_access"
    title = _l("Not for oneself")
    sentence = _l("Nobody shuts themselves out or gives up being administrator alone: ask another administrator.")


class OwnPassword(OwnAccess):
    code = "own_password"
    sentence = _l("Nobody gives themselves a temporary password: change yours under “My account”, with the one of now.")


class LastAdministrator(Conflict):
    code = "last_administrator"
    title = _l("The last administrator stays")
    sentence = _l("“%(username)s” is the last administrator: give the role to somebody else first.")


class NotEmpty(Conflict):
    code = "not_empty"
    title = _l("Goods still lie here")
    sentence = _l("Goods still lie at “%(what)s”: move them first.")


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    title = _l("Changed meanwhile")
    sentence = _l("Somebody else changed this meanwhile: reload it and try again.")


class UnreadableFile(Refusal):
    code, status = "unreadable_file", 422
    title = _l("This file cannot be read")
    sentence = _l("This file cannot be read: %(why)s")


class Busy(Refusal):
    code, status = "busy", 503
    title = _l("Busy")
    sentence = _l("The store's book is busy. Nothing was lost; try again in a few seconds.")
    retry_after_seconds = 2


class PressBusy(Busy):
    code = "press_busy"
    sentence = _l("Too many papers are being printed at once. Nothing was lost; try again in a few seconds.")
    retry_after_seconds = 5


class Unreachable(Busy):
    code = "unreachable"
    title = _l("The stores cannot be reached")
    sentence = _l("The database does not answer just now. Nothing is posted twice: try again in a few seconds.")
    retry_after_seconds = 5


class NoRoom(Refusal):
    code, status = "no_room", 507
    title = _l("No room left")
    sentence = _l("The disk of the server is full. Nothing was half done: tell the administrator, then try again.")


def fault(pointer: Pointer, code: str, message: Any, /, **details: Any) -> Fault:
    """A fault of one field, for lists that are refused whole."""
    return Fault(pointer, code, message, details)


def refuse(faults: list[Fault]) -> None:
    """Refuses what was entered when anything is wrong with it, all at once."""
    if faults:
        invalid(faults)


def refuse_field(pointer: Pointer, code: str, message: Any, /, **details: Any) -> NoReturn:
    """Refuses what was entered for one reason."""
    invalid([Fault(pointer, code, message, details)])


def invalid(faults: list[Fault]) -> NoReturn:
    """Refuses what was entered, for these reasons."""
    raise InvalidRequest(faults)


def found(thing: T | None, what: object) -> T:
    """The thing; NotFound, naming what was looked for, when there is none."""
    if thing is None:
        raise NotFound(what=what)
    return thing


def not_signed_in() -> NoReturn:
    """Refuses a caller whom neither a session nor a token names."""
    raise NotSignedIn


def refuse_temporary(is_temporary: bool) -> None:
    """Refuses everything to whoever came in with a password that somebody else knows."""
    if is_temporary:
        raise TemporaryPassword


def already_exists(what: object) -> NoReturn:
    """Refuses to give a code or a name twice."""
    raise AlreadyExists(what=what)


def key_reused() -> NoReturn:
    """Refuses a key that another request, or another person, has used."""
    raise KeyReused


def refuse_stale(is_stale: bool) -> None:
    """Refuses to write over what somebody else wrote since it was read."""
    if is_stale:
        raise ChangedMeanwhile


def refuse_unreachable(is_away: bool) -> None:
    """Refuses what was asked while the database is away."""
    if is_away:
        raise Unreachable


def lacks_room(error: BaseException | None) -> bool:
    """Whether something failed because a disk is full: ours, or that of the database."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", None) == "53100" or "database or disk is full" in str(error):
            return True
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__
    return False


def refuse_full(is_full: bool) -> None:
    """Refuses what no disk has room for."""
    if is_full:
        raise NoRoom


def says(refusal: Refusal) -> str:
    """The refusal as one line for a terminal: its sentence, then each fault."""
    lines = [refusal.message()]
    if len(refusal.faults) > 1:
        lines += [f"  {one.pointer}: {one.sentence()}" for one in refusal.faults]
    return "\n".join(lines) or gettext("Refused.")
