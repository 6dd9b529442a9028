"""Sessions: who is signed in, on which device, kept by the server; and shared devices, on which people change quickly.

Laws:
1. The browser holds a random key, the database only its SHA-256: a copy of either opens nothing on its own for long.
2. A session ends with signing out, when its owner ends it, when nothing was asked for the minutes the commune decided,
   and after twelve hours at the latest; all of a person's sessions end when the password changes or they are shut out.
3. Ended is ended: no cookie brings a session back. Every change of person begins a session of its own.
4. A PIN or badge opens nothing by itself: only on a device that a person enrolled under their password, that is neither
   over nor ended, and only for somebody whose password was entered on it not long ago and has not changed since.
5. A PIN is kept as argon2id of itself and the key that only the device holds. Wrong ones are counted in the database;
   the last one allowed takes the PIN away, and the password is needed.
"""

from inventory.sessions.badges import Badge, by_badge, end_badges, has_badge, issue_badge, refuse_badge
from inventory.sessions.devices import LONGEST_NAME as LONGEST_DEVICE_NAME
from inventory.sessions.devices import (
    DevicePerson,
    Member,
    SharedDevice,
    admit,
    device_by_key,
    devices,
    end_device,
    enrol,
    may_come_in,
    refuse_device,
    standing_of,
)
from inventory.sessions.living import (
    KEPT,
    LONGEST,
    SEEN_EVERY,
    Presence,
    UserSession,
    begin,
    by_key,
    end,
    is_due,
    leave,
    living,
    lock,
    seen,
    sign_out,
)
from inventory.sessions.pins import LONGEST_PIN, SHORTEST_PIN, come_in, enter, give_up_pin, refuse_pin, set_pin

__all__ = [
    "KEPT",
    "LONGEST",
    "LONGEST_DEVICE_NAME",
    "LONGEST_PIN",
    "SEEN_EVERY",
    "SHORTEST_PIN",
    "Badge",
    "DevicePerson",
    "Member",
    "Presence",
    "SharedDevice",
    "UserSession",
    "admit",
    "begin",
    "by_badge",
    "by_key",
    "come_in",
    "device_by_key",
    "devices",
    "end",
    "end_badges",
    "end_device",
    "enrol",
    "enter",
    "give_up_pin",
    "has_badge",
    "is_due",
    "issue_badge",
    "leave",
    "living",
    "lock",
    "may_come_in",
    "refuse_badge",
    "refuse_device",
    "refuse_pin",
    "seen",
    "set_pin",
    "sign_out",
    "standing_of",
]
