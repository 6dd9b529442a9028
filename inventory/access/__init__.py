"""Users, roles, grants per warehouse; one policy table; ``require()``.

Laws:
1. What a role may do stands in ``POLICY`` and nowhere else; every door asks ``require()``.
2. A grant gives one role in one warehouse or everywhere. An auditor reads everything and changes nothing.
3. Passwords are kept as argon2id, tokens as SHA-256; wrong tries are counted in the database, per name and per address,
   so that a lock holds across processes and restarts.
4. Changing a password, or signing out everywhere, ends every session and no token.
"""

from inventory.access.passwords import MINIMUM_PASSWORD, hash_password
from inventory.access.people import (
    Grant,
    User,
    add_user,
    by_session,
    change_password,
    get_user,
    grant,
    identity_of,
    set_active,
    withdraw,
)
from inventory.access.policy import POLICY, READING, ROLES, Identity, require, require_somewhere
from inventory.access.signing import WrongTry, refuse_sign_in, sign_in
from inventory.access.tokens import Token, by_token, create_token, revoke_token
from inventory.access.usernames import folded_username

__all__ = [
    "MINIMUM_PASSWORD",
    "POLICY",
    "READING",
    "ROLES",
    "Grant",
    "Identity",
    "Token",
    "User",
    "WrongTry",
    "add_user",
    "by_session",
    "by_token",
    "change_password",
    "create_token",
    "folded_username",
    "get_user",
    "grant",
    "hash_password",
    "identity_of",
    "refuse_sign_in",
    "require",
    "require_somewhere",
    "revoke_token",
    "set_active",
    "sign_in",
    "withdraw",
]
