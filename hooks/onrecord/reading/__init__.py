"""Reading: from files to the library. One way in (`read_library`), values and findings out."""

from onrecord.reading.folder import read_library

__all__ = ["read_library"]
