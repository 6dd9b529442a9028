"""What a thing is called in the commune's languages."""

from collections.abc import Callable
from dataclasses import asdict, dataclass


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


NAMELESS = Names()  # where a paper or label leaves something out
