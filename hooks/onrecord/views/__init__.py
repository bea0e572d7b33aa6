"""Views: from the library and its relations to HTML. The only room that knows Jinja.

Values go in, strings come out; autoescape is on everywhere. A template never builds a path: it
asks for the address of a record by the record's path in the repository.
"""

from onrecord.views.pages import Fragment, IndexPage, Views, asset
from onrecord.views.records_json import records_json

__all__ = ["Fragment", "IndexPage", "Views", "asset", "records_json"]
