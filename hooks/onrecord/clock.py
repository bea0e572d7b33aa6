"""The day of the run. It comes from here alone, so that a build can be reproduced."""

from __future__ import annotations

import os
from datetime import date

TODAY_VARIABLE = "ONRECORD_TODAY"


def today() -> date:
    """The day in `ONRECORD_TODAY` (YYYY-MM-DD), else the day the clock shows.

    Raises ValueError with the right form when the variable holds anything else.
    """
    given = os.environ.get(TODAY_VARIABLE, "").strip()
    if not given:
        return date.today()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{TODAY_VARIABLE}={given!r} isn't a day; write YYYY-MM-DD") from None
