"""Users, roles, grants per warehouse; one policy table; ``require()``.

Laws:
1. What a role may do stands in ``POLICY`` and nowhere else; every door asks ``require()``.
2. A grant gives one role in one warehouse or everywhere. An auditor reads everything and changes nothing.
3. Passwords are kept as argon2id, tokens as SHA-256; wrong tries are counted in the database, per name and per address,
   so that a lock holds across processes and restarts. A token lives a year, and opens nothing while the password of its
   owner is temporary.
4. Choosing a new password, or signing out everywhere, ends every session and no token; a temporary password that
   somebody else gives, or being shut out, ends both for ever.
5. There is always an active administrator, and nobody shuts themselves out.
"""

from inventory.access.admission import reset_password, set_active
from inventory.access.devices import device_key, make_device_key
from inventory.access.passwords import MINIMUM_PASSWORD, hash_of_nobody, hash_password, hash_secret, matches
from inventory.access.people import (
    PERSON,
    Grant,
    User,
    add_user,
    change_password,
    get_user,
    grant,
    has_lost,
    identity_from,
    identity_of,
    rename,
    set_language,
    withdraw,
)
from inventory.access.policy import POLICY, READING, ROLES, Identity, require, require_somewhere, require_writing
from inventory.access.signing import WrongTry, confirm, refuse_sign_in, sign_in
from inventory.access.tokens import LONGEST_DAYS, Token, by_token, create_token, revoke_token
from inventory.access.usernames import folded_username

__all__ = [
    "LONGEST_DAYS",
    "MINIMUM_PASSWORD",
    "PERSON",
    "POLICY",
    "READING",
    "ROLES",
    "Grant",
    "Identity",
    "Token",
    "User",
    "WrongTry",
    "add_user",
    "by_token",
    "change_password",
    "confirm",
    "create_token",
    "device_key",
    "folded_username",
    "get_user",
    "grant",
    "has_lost",
    "hash_of_nobody",
    "hash_password",
    "hash_secret",
    "identity_from",
    "identity_of",
    "make_device_key",
    "matches",
    "refuse_sign_in",
    "rename",
    "require",
    "require_somewhere",
    "require_writing",
    "reset_password",
    "revoke_token",
    "set_active",
    "set_language",
    "sign_in",
    "withdraw",
]
