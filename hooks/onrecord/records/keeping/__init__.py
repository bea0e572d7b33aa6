"""What is kept between runs, so that a run needn't make again what it made before.

In: bytes under a key that stands for all they were made of.
Out: those bytes, or nothing. What is kept may be deleted or damaged at any time.
"""

from onrecord.records.keeping.digests import Digests, digest_of
from onrecord.records.keeping.place import CACHE_VARIABLE, KEY_VARIABLE, cache_of, secret_of_user
from onrecord.records.keeping.stamp import key_for, stamp_of
from onrecord.records.keeping.store import Kept, as_plain, decoded

__all__ = [
    "CACHE_VARIABLE",
    "KEY_VARIABLE",
    "Digests",
    "Kept",
    "as_plain",
    "cache_of",
    "decoded",
    "digest_of",
    "key_for",
    "secret_of_user",
    "stamp_of",
]
