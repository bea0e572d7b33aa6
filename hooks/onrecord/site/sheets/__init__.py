"""The theme's style sheets without the rules that no page of a site can match.

In come a built site and the sheets of its theme; out come the same sheets, lighter by half.
"""

from onrecord.site.sheets.lean import lean_sheets
from onrecord.site.sheets.used import Named, Used, named_in, used_in

__all__ = ["Named", "Used", "lean_sheets", "named_in", "used_in"]
