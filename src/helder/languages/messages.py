"""Fixed words of the frame: key + values + language → text, with plurals and numbers of the language.

Messages are ICU MessageFormat. A key that a language lacks is taken from the next best one; a key that no language
has raises, because a raw key must never reach a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from icu4py.messageformat import MessageFormat

FALLBACK = "en"


@lru_cache(maxsize=5_000)
def compiled(pattern: str, language: str) -> MessageFormat:
    """A parsed ICU pattern. Raises ValueError where the pattern is not one."""
    return MessageFormat(pattern, language)


class Messages:
    """The words of the frame in every language."""

    def __init__(self, by_language: Mapping[str, Mapping[str, str]]) -> None:
        self._by_language = by_language

    def has(self, key: str, language: str) -> bool:
        return key in self._by_language.get(language, {})

    def pattern(self, key: str, language: str) -> tuple[str, str]:
        """The raw message and the language it is in. Raises KeyError for a key that no language has."""
        for candidate in (language, FALLBACK):
            found = self._by_language.get(candidate, {}).get(key)
            if found is not None:
                return found, candidate
        raise KeyError(f"no message `{key}` in {language} or {FALLBACK}")

    def say(self, key: str, language: str, **values: Any) -> str:
        """The message in words. Plain ones (no values, no braces) skip the formatter."""
        pattern, found_in = self.pattern(key, language)
        if not values and "{" not in pattern and "'" not in pattern:
            return pattern
        return str(compiled(pattern, found_in).format(values))
