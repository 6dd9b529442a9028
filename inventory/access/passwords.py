"""Passwords: kept as argon2id, checked one at a time, and as slowly for a name that nobody bears."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from inventory.errors import refuse_field
from inventory.texts import is_writable

MINIMUM_PASSWORD = 12
LONGEST_PASSWORD = 1000
SHORTEST_NAME = 3  # shorter ones stand in many words
FEWEST_SIGNS = 5
TRIED_FIRST = {
    "password", "passwordpassword", "passw", "motdepasse", "azerty", "azertyuiop", "azertyuiopqsdfghjklm",
    "qwerty", "qwertyuiop", "qwertyuiopasdfghjkl", "admin", "administrator", "administrateur", "welcome",
    "bienvenue", "iloveyou", "changeme", "casablanca", "casablancacasablanca", "makhazine",
    "makhazinemakhazine", "كلمةالمرور", "كلمةالسر", "الدارالبيضاء", "مرحبا",
}  # fmt: skip
"""Without digits and signs between."""

# One hash at a time: argon2 takes 19 MiB, and the web process has little to spare (OWASP's minimum: m=19 MiB, t=2,
# p=1).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = threading.Lock()
_nobody: list[str] = []


def hash_password(password: str, username: str = "") -> str:
    """The argon2id hash; InvalidRequest when shorter than 12 characters, or easily guessed."""
    if not MINIMUM_PASSWORD <= len(password) <= LONGEST_PASSWORD or not is_writable(password):
        message = _l("A password has %(least)s to %(most)s characters.")
        refuse_field("/password", "length", message, least=MINIMUM_PASSWORD, most=LONGEST_PASSWORD)
    if _is_guessable(password, username):
        message = _l("This password is easily guessed: take three or four words that do not name you.")
        refuse_field("/password", "guessable", message)
    with _hashing:
        return _hasher.hash(password)


def _is_guessable(password: str, username: str) -> bool:
    """Whether little is left without the person's name: numbers alone, a few signs repeated, or a word that everybody
    tries first."""
    rest = unicodedata.normalize("NFKC", password).lower()
    if len(username) >= SHORTEST_NAME:
        rest = rest.replace(username, "")
    letters = re.sub(r"[\W\d_]", "", rest)
    return not letters or len(set(rest)) < FEWEST_SIGNS or letters in TRIED_FIRST


def hash_secret(text: str) -> str:
    """The argon2id hash of a text that was checked elsewhere."""
    with _hashing:
        return _hasher.hash(text)


def matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    if len(password) > LONGEST_PASSWORD or not is_writable(password):
        password = ""
    with _hashing:
        try:
            return _hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def hash_of_nobody() -> str:
    """A hash that no password matches, so that an unknown name takes as long as a known one."""
    if not _nobody:
        with _hashing:
            _nobody.append(_hasher.hash(secrets.token_urlsafe(32)))
    return _nobody[0]
