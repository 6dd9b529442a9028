"""What a thing is called in the commune's languages."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass

_ARABIC = re.compile(r"[\u0590-\u08ff]")
_LETTER = "A-Za-z\u00c0-\u024f"
_ONE = f"[0-9{_LETTER}²³¹½¼¾µ]"
_SPACE = "[ \u00a0\u202f]"
_JOINED = rf"{_SPACE}?(?:[^\w\s()«»·،؛؟]|_){{1,2}}{_SPACE}?{_ONE}+"
_NAMED = f"{_SPACE}(?:x{_SPACE}[0-9]|[{_LETTER}]){_ONE}*"
_RUN = re.compile(f"{_ONE}+(?:{_JOINED}|{_NAMED})+|[0-9]*[{_LETTER}]{_ONE}*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """One thing, called in French, Arabic and English; at least one is given, the others may be empty. Always by
    keyword: nobody would see that two languages have changed places."""

    fr: str = ""
    ar: str = ""
    en: str = ""

    @property
    def arabic(self) -> str:
        """The Arabic name; when there is none, the nearest one that exists, so that no paper prints a blank."""
        return self.ar or self.fr or self.en

    def each(self, write: Callable[[str], str]) -> "Names":
        """What ``write`` makes of each name that there is."""
        return Names(**{language: write(name) for language, name in asdict(self).items() if name})

    @property
    def french(self) -> str:
        """The French name, or the nearest one that exists."""
        return self.fr or self.en or self.ar


def steady(name: str) -> str:
    """A name as it is shown or printed: within Arabic, measures and Latin words keep their order (4×16, 195/65 R15),
    held by isolates. What is kept, searched and exported is the name without them."""
    return _RUN.sub("\u2066\\g<0>\u2069", name) if _ARABIC.search(name) else name


NAMELESS = Names()  # where a paper or label leaves something out
