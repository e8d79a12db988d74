"""Which of Helder's languages a text is in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

MIN_WORDS = 3


@lru_cache(maxsize=8)
def _identifier(languages: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE)  # type: ignore[no-untyped-call]
    identifier.set_languages(list(languages))
    return identifier


def detect(text: str, among: Sequence[str], usual: str) -> str:
    """The language of a text among those given. Under three words nothing can be told: the `usual` one.

    Offline and deterministic; the first call loads the model (about half a second).
    """
    if len(text.split()) < MIN_WORDS:
        return usual
    language, _ = _identifier(tuple(among)).classify(text[:2_000])
    return str(language)
