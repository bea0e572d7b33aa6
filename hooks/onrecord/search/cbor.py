"""CBOR, the format of Pagefind's files, as far as they use it: numbers, texts and lists.

In come bytes; out come values, and the bytes of values.
"""

from __future__ import annotations

from typing import Any

UINT, NEGATIVE, TEXT, LIST = 0x00, 0x20, 0x60, 0x80
_KINDS = (UINT, NEGATIVE, TEXT, LIST)
_DIRECT, _LONGEST = 24, 4
"""Below that a number is in the head itself; else in 1, 2 or 4 bytes that follow."""


class UnknownFormError(ValueError):
    """These bytes aren't of the form that is known here."""


def head(kind: int, number: int) -> bytes:
    """The head of a value: its kind, with its number, or how long it is."""
    if number < _DIRECT:
        return bytes((kind + number,))
    if number < 0x100:
        return bytes((kind + 24, number))
    if number < 0x10000:
        return bytes((kind + 25,)) + number.to_bytes(2, "big")
    return bytes((kind + 26,)) + number.to_bytes(4, "big")


def dumped(value: int | str | list[Any] | tuple[Any, ...]) -> bytes:
    """The bytes of a value."""
    if isinstance(value, int):
        return head(UINT, value)
    if isinstance(value, str):
        data = value.encode()
        return head(TEXT, len(data)) + data
    return head(LIST, len(value)) + b"".join(map(dumped, value))


def head_at(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """The number in a head of this kind, and where the next value begins."""
    number = data[at] - kind if at < len(data) else -1
    if 0 <= number < _DIRECT:
        return number, at + 1
    if not 0 <= number < _DIRECT + 3:
        raise UnknownFormError(f"no value of kind {kind:x} at {at}")
    end = at + 1 + (1 << number - _DIRECT)
    return int.from_bytes(data[at + 1 : end], "big"), end


def text_at(data: bytes, at: int) -> tuple[str, int]:
    """A text, and where the next value begins."""
    length, start = head_at(data, at, TEXT)
    if start + length > len(data):
        raise UnknownFormError(f"a text that doesn't end, at {at}")
    return data[start : start + length].decode(), start + length


def value_at(data: bytes, at: int) -> tuple[Any, int]:
    """A value of any kind, and where the next one begins."""
    kind = data[at] & 0xE0 if at < len(data) else UINT
    if kind == TEXT:
        return text_at(data, at)
    number, at = head_at(data, at, kind)
    if kind == UINT:
        return number, at
    if kind == NEGATIVE:
        return -1 - number, at
    values = []
    for _ in range(number):
        value, at = value_at(data, at)
        values.append(value)
    return values, at


def loaded(data: bytes) -> Any:
    """The one value that these bytes are."""
    value, end = value_at(data, 0)
    if end != len(data):
        raise UnknownFormError(f"{len(data) - end} bytes more than one value")
    return value
