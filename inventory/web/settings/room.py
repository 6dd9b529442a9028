"""What the pages of settings share: the settings in words, in the groups in which people look for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l

from inventory import clock
from inventory.errors import fault
from inventory.web.typed import Typed

pages = Blueprint("settings", __name__)
Answer = Response | str | tuple[str, int]

GROUPS: tuple[tuple[Any, dict[str, tuple[Any, Any]]], ...] = (
    (
        _l("The commune on papers"),
        {
            "commune_name_ar": (_l("Name of the commune in Arabic"), _l("On every page and paper.")),
            "commune_name_fr": (_l("Name of the commune in French"), _l("On every page and paper.")),
            "header_ar": (_l("Header in Arabic"), _l("Above every paper, line by line.")),
            "header_fr": (_l("Header in French"), _l("Above every paper, line by line.")),
            "mention_ar": (_l("Mention in Arabic"), _l("At the foot of every paper; may stay empty.")),
            "mention_fr": (_l("Mention in French"), _l("At the foot of every paper; may stay empty.")),
            "signatory_authorises_ar": (
                _l("Who authorises, in Arabic"),
                _l("Above the first signature of an issue note."),
            ),
            "signatory_authorises_fr": (
                _l("Who authorises, in French"),
                _l("Above the first signature of an issue note."),
            ),
        },
    ),
    (
        _l("The stores"),
        {
            "back_dating_days": (
                _l("Days a paper may be dated back"),
                _l("0: papers are dated on the day they are posted."),
            ),
            "expiry_warning_days": (
                _l("Days of warning before an expiry"),
                _l("From then on a lot is called “expiring soon”."),
            ),
            "surplus_cover_days": (
                _l("Days of cover from which stock is surplus"),
                _l("What lies there longer is offered to other warehouses before anything is bought."),
            ),
        },
    ),
    (
        _l("Signing in"),
        {
            "sign_in_tries": (
                _l("Wrong tries before a name is locked"),
                _l("An address is locked after ten times as many."),
            ),
            "sign_in_lock_minutes": (_l("Minutes of a lock"), _l("An administrator can open it sooner.")),
            "device_lock_minutes": (
                _l("Minutes without use after which a shared device locks"),
                _l("Whoever comes next enters a PIN or shows a badge."),
            ),
            "device_days": (
                _l("Days for which a device stays shared"),
                _l("Then somebody shares it anew under their password."),
            ),
            "pin_days": (
                _l("Days for which a PIN or badge lets somebody in"),
                _l("Counted from the last time their password was entered on that device."),
            ),
            "badge_needs_pin": (
                _l("A badge needs the PIN too"),
                _l("1: the badge says who comes, the PIN lets them in. 0: the badge alone does."),
            ),
            "session_idle_minutes": (
                _l("Minutes without use after which one is signed out"),
                _l("Twelve hours after signing in a session ends in any case."),
            ),
        },
    ),
)
TYPED: dict[str, tuple[Any, Any]] = {name: said for _group, said_of in GROUPS for name, said in said_of.items()}
WORDS = TYPED | {"arms": (_l("Arms of the commune"), _l("At sign-in, on every page and at the head of every paper."))}


def day_of_effect(typed: Typed, name: str) -> date:
    """The day from which a decision holds: today unless another was typed; an earlier one is a fault."""
    today = clock.today()
    effective_on = typed.day(name, today) or today
    if effective_on < today:
        sentence = _l("A decision holds from today on at the earliest: what was posted stays as it was.")
        typed.faults.append(fault(f"/{name}", "past", sentence))
    return effective_on


def word_of(name: str) -> str:
    """What a setting is called; one that has no word yet stands under its own name."""
    return str(WORDS[name][0]) if name in WORDS else name
