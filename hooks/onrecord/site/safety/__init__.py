"""Makes the HTML of a text harmless before it is set into a page.

In comes the HTML that Markdown made of what a person wrote, raw tags included; out comes HTML
without scripts, handlers, styles that cover the page, addresses that run code, media that load from
other hosts, or ids and classes that belong to the theme or to us. ammonia (nh3) does the work on
a parsed tree; this module says only what to allow.
"""

from onrecord.site.safety.allowed import plain_id
from onrecord.site.safety.cleaning import Sanitiser
from onrecord.site.safety.judging import (
    acting_elements,
    front_as_printed,
    is_closed,
    is_harmless,
    is_plain_id,
    words_of,
)

__all__ = [
    "Sanitiser",
    "acting_elements",
    "front_as_printed",
    "is_closed",
    "is_harmless",
    "is_plain_id",
    "plain_id",
    "words_of",
]
