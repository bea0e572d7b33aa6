"""What makes the next build of a site cheap: what is kept, and files that tell of a change.

In: the pages of a build, and the server of `mkdocs serve`.
Out: the same pages, where nothing of a text has changed as they were made before; and where nothing
at all has changed, the site as it was left.
"""

from onrecord.site.mkdocs.rebuild.conversion import Conversion
from onrecord.site.mkdocs.rebuild.decision_pages import DecisionPages, Making, Texts
from onrecord.site.mkdocs.rebuild.filling import UnknownPartError, fill_by, keep_filled, seen_of
from onrecord.site.mkdocs.rebuild.folder import SiteFolder
from onrecord.site.mkdocs.rebuild.left import LeftPages, Steps
from onrecord.site.mkdocs.rebuild.memo import Memo
from onrecord.site.mkdocs.rebuild.unchanged import LastBuild, standing_in
from onrecord.site.mkdocs.rebuild.watching import be_told_of_changes

__all__ = [
    "Conversion",
    "DecisionPages",
    "LastBuild",
    "LeftPages",
    "Making",
    "Memo",
    "SiteFolder",
    "Steps",
    "Texts",
    "UnknownPartError",
    "be_told_of_changes",
    "fill_by",
    "keep_filled",
    "seen_of",
    "standing_in",
]
