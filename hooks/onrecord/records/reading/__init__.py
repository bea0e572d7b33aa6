"""Reading: from files to the library.

`read_library` reads all of it, `read_playbooks` what isn't a decision; values and findings out.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.records.reading.folder import read_library, read_playbooks

__all__ = ["read_library", "read_playbooks"]


def __getattr__(name: str) -> Any:
    """Load what reads a whole folder once it is asked for: a single file needs little of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from onrecord.records.reading import folder

    return getattr(folder, name)
