"""Files on their way in: kept from the moment they are sent until they are imported, or for a day.

Laws:
1. A file belongs to whoever sent it: nobody else finds it, whatever the address.
2. It lies in a folder of its own under a random name, beside what was said about it and what the dry run found.
3. The file goes as soon as it is used; the rest, and what was never used, after a day.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from inventory.errors import found

from .reading import Choices

LIFETIME = timedelta(days=1)
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass
class Upload:
    """One file that somebody sent. ``what``: items or movements; ``name``: the file's name, as the sender knows it."""

    folder: Path
    owner_id: int
    what: str
    name: str
    sent_at: datetime
    choices: Choices = field(default_factory=Choices)

    @property
    def token(self) -> str:
        return self.folder.name

    @property
    def is_used(self) -> bool:
        """Whether everything in it has been imported."""
        return not (self.folder / "file").exists()

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return (self.folder / "file").stat().st_size

    def content(self) -> bytes:
        return (self.folder / "file").read_bytes()

    def choose(self, choices: Choices) -> None:
        """Keeps what the sender says about the file."""
        self.choices = choices
        about = {"owner_id": self.owner_id, "what": self.what, "name": self.name, "sent_at": self.sent_at.isoformat()}
        self.note("about", about | {"choices": asdict(choices)})

    def use(self, result: dict[str, Any]) -> None:
        """The file is imported: only what became of it is kept."""
        self.note("result", result)
        for name in ("file", "papers.jsonl"):
            (self.folder / name).unlink(missing_ok=True)

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def pen(self, *, waits: bool = False) -> Iterator[bool]:
        """Whether the caller alone works on this file now. Whoever finds the pen taken waits for nobody, unless they
        would rather see what becomes of the file."""
        with (self.folder / "pen").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    # What is kept beside the file: whole, or not at all

    def note(self, name: str, value: Any) -> None:
        self._write(f"{name}.json", [value])

    def forget(self, name: str) -> None:
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    def noted(self, name: str) -> Any:
        """What was noted under a name, None when nothing was."""
        path = self.folder / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def list_down(self, name: str, values: Iterable[Any]) -> None:
        """Keeps a list of any length, one value a line."""
        self._write(f"{name}.jsonl", values)

    def listed(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[Any]:
        """The values of a list from ``start`` to before ``stop``, read as they are wanted."""
        path = self.folder / f"{name}.jsonl"
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                yield from map(json.loads, islice(lines, start, stop))

    def _write(self, name: str, values: Iterable[Any]) -> None:
        made = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            with made.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
            os.replace(made, self.folder / name)
        finally:
            made.unlink(missing_ok=True)


def keep(root: Path, content: IO[bytes], *, owner_id: int, what: str, name: str, at: datetime) -> Upload:
    """Keeps a file that was sent, and drops what is older than a day."""
    for folder in _folders(root):
        sent = _read(folder)
        sent_at = sent.sent_at.timestamp() if sent else folder.stat().st_mtime  # the plug was pulled while it was sent
        if at.timestamp() - sent_at > LIFETIME.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
    upload = Upload(root / secrets.token_urlsafe(16), owner_id, what, name, at)
    upload.folder.mkdir(mode=0o700, parents=True)
    try:
        with (upload.folder / "file").open("wb") as file:
            shutil.copyfileobj(content, file)
        upload.choose(Choices())
    except BaseException:
        upload.drop()
        raise
    return upload


def find(root: Path, token: str, owner_id: int) -> Upload:
    """Somebody's own upload; NotFound for any other."""
    upload = _read(root / token) if TOKEN.fullmatch(token) else None
    return found(upload if upload is not None and upload.owner_id == owner_id else None, token)


def of(root: Path, owner_id: int) -> list[Upload]:
    """Somebody's files that are still kept, imported or not, the last first."""
    sent = [upload for folder in _folders(root) if (upload := _read(folder)) is not None]
    mine = [upload for upload in sent if upload.owner_id == owner_id]
    return sorted(mine, key=lambda upload: upload.sent_at, reverse=True)


def _folders(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if TOKEN.fullmatch(path.name)] if root.exists() else []


def _read(folder: Path) -> Upload | None:
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    except FileNotFoundError:  # being made or dropped at this moment, or never there
        return None
    sent_at = datetime.fromisoformat(about["sent_at"])
    return Upload(folder, about["owner_id"], about["what"], about["name"], sent_at, Choices(**about["choices"]))
