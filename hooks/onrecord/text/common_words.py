"""Words that say little in any text of a language, such as “although” or “several”.

In: a language as the analyser names it. Out: such words, none for a language without a list. In a
small base they may look rare; what is quoted and marked must not hang on them.
"""

from __future__ import annotations

from stop_words import AVAILABLE_LANGUAGES, LANGUAGE_MAPPING, get_stop_words


def common_words(language: str) -> tuple[str, ...]:
    """The words of a language that tell least."""
    name = LANGUAGE_MAPPING.get(language, language)  # Snowball's names are the list's, too
    return tuple(get_stop_words(name)) if name in AVAILABLE_LANGUAGES else ()
