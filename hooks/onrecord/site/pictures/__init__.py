"""A picture for each record, as a chat shows it beside a link: drawn at build, kept by content.

In come the records of a build; out come PNG files and their addresses. No browser and no network
is asked. It needs what the extra `pictures` brings.
"""

from onrecord.site.pictures.pen import HEIGHT, WIDTH, NoPicturesError, Pen
from onrecord.site.pictures.poster import Poster, poster_of
from onrecord.site.pictures.previews import Previews

__all__ = ["HEIGHT", "WIDTH", "NoPicturesError", "Pen", "Poster", "Previews", "poster_of"]
