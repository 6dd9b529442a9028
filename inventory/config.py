"""What the process needs, read once from the environment and checked at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PROJECT = Path(__file__).resolve().parent.parent
KNOWN_LANGUAGES = ("ar", "fr", "en")


class BadConfiguration(Exception):
    """A setting of the environment cannot be used; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """The process's settings. ``DATABASE_URL`` and the others are listed in the README."""

    instance_path: Path
    database_url: str
    secret_key: str = field(repr=False)
    owner_url: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    timezone: str = "Africa/Casablanca"
    languages: tuple[str, ...] = KNOWN_LANGUAGES
    proxies: int = 0
    metrics_token: str | None = field(default=None, repr=False)
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Config:
        """Reads and checks the environment; raises BadConfiguration naming the variable at fault."""
        env = os.environ if environment is None else environment
        instance = Path(env.get("INSTANCE_PATH") or PROJECT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        port = env.get("PORT") or "8000"
        return cls(
            instance_path=instance,
            database_url=_database_url(
                "DATABASE_URL", env.get("DATABASE_URL") or f"sqlite:///{instance / 'makhazine.db'}"
            ),
            owner_url=_database_url("DATABASE_OWNER_URL", env["DATABASE_OWNER_URL"])
            if env.get("DATABASE_OWNER_URL")
            else None,
            metrics_token=env.get("METRICS_TOKEN") or None,
            secret_key=env.get("SECRET_KEY") or _kept_secret(instance),
            public_url=_public_url(env.get("PUBLIC_URL") or f"http://127.0.0.1:{port}"),
            timezone=_timezone(env.get("TIMEZONE") or "Africa/Casablanca"),
            languages=_languages(env.get("LANGUAGES") or "ar,fr,en"),
            proxies=_count("PROXIES", env.get("PROXIES") or "0"),
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which another process of the house works on the same stores."""
        return {
            "INSTANCE_PATH": str(self.instance_path),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": self.secret_key,
            "PUBLIC_URL": self.public_url,
            "TIMEZONE": self.timezone,
            "LANGUAGES": ",".join(self.languages),
        }

    @property
    def is_secure(self) -> bool:
        """Whether people reach us over HTTPS, so that cookies may be marked secure."""
        return self.public_url.startswith("https://")


def _database_url(name: str, url: str) -> str:
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite://", "postgresql+psycopg://")):
        raise BadConfiguration(f"{name}: expected sqlite:///file or postgresql://…")
    return url


def _public_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise BadConfiguration("PUBLIC_URL: expected http://… or https://…")
    return url.rstrip("/")


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadConfiguration(f"TIMEZONE: {name!r} is not a time zone") from error
    return name


def _languages(text: str) -> tuple[str, ...]:
    languages = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [language for language in languages if language not in KNOWN_LANGUAGES]
    if unknown or not languages:
        raise BadConfiguration(f"LANGUAGES: expected some of {', '.join(KNOWN_LANGUAGES)}")
    return languages


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 10):
        raise BadConfiguration(f"{name}: expected a number from 0 to 9")
    return int(text)


def _kept_secret(instance: Path) -> str:
    """The secret made at the first start and kept in the instance folder, readable by its owner alone."""
    kept = instance / "secret_key"
    if not kept.exists():
        made = instance / f".secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, kept)  # several processes may start at once: the first one wins
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text().strip()
