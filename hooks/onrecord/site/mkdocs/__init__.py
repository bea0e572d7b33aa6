"""The MkDocs adapter: thin, and the only package that knows MkDocs.

In come MkDocs' events; out go files, pages and fragments. One build reads the library once, in
`on_files`, before the first page is rendered; everything else is looked up in it.
"""

from onrecord.site.mkdocs.events import SiteBuild

__all__ = ["SiteBuild"]
