"""Reading: from files to the library.

`read_library` reads all of it, `read_playbooks` what isn't a decision; values and findings out.
"""

from onrecord.records.reading.folder import read_library, read_playbooks

__all__ = ["read_library", "read_playbooks"]
