"""People who use pages in tests: each with roles, a client of their own, and the CSRF token of the page they see."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from inventory import access, warehouses
from inventory.database import transaction
from inventory.web.session import Cookies
from tests.conftest import Client

PASSWORD = "a long enough password"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Where = str | None


def add_person(username: str, *grants: tuple[str, Where], language: str = "fr") -> access.User:
    """A user with grants: (role, warehouse code or None for everywhere)."""
    with transaction():
        user = access.add_user(username, PASSWORD, at=NOW, language=language, display_name=username.title())
        for role, where in grants:
            access.grant(user, role, warehouses.get_warehouse(where) if where else None, at=NOW)
    return user


class Visitor:
    """A browser with cookies. `post` sends the CSRF token as the page's form would."""

    def __init__(self, app: Flask) -> None:
        self.client = Client(app, app.response_class, use_cookies=True)
        self._tokens: dict[str | None, str] = {}

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.client.get(address, buffered=True, **options)

    def post(self, address: str, /, *, files: dict[str, Any] | None = None, **form: Any) -> TestResponse:
        data = {"csrf_token": self.token(), **form, **(files or {})}
        return self.client.post(address, data=data, buffered=True)

    def token(self) -> str:
        """What a page of this session carries; asked once, as a page stays open while it is worked with."""
        if self._secret() not in self._tokens:
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get("/no-such-page").text)
            assert found is not None
            self._tokens = {self._secret(): found[1]}
        return self._tokens[self._secret()]

    def _secret(self) -> str | None:
        """What a token is signed over: the cookie holds it."""
        interface, cookie = self.client.application.session_interface, self.cookie()
        assert isinstance(interface, Cookies)
        return interface.signer.loads(cookie).get("csrf_token") if cookie else None

    def sign_in(self, username: str, password: str = PASSWORD, **form: Any) -> TestResponse:
        return self.post("/sign-in", username=username, password=password, **form)

    def cookie(self, name: str = "session") -> str | None:
        kept = self.client.get_cookie(name)
        return kept.value if kept else None


def signed_in(app: Flask, username: str, *grants: tuple[str, Where], language: str = "fr") -> Visitor:
    """Somebody new who has signed in."""
    add_person(username, *grants, language=language)
    visitor = Visitor(app)
    visitor.client.enter(username)
    return visitor


def words(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
