"""OnRecord: decisions, roles and handoffs as Markdown in git, and the site they become.

A text walks one way through this package: `vocabulary` states the words, `reading` makes records
and findings of files, `relations` and `stages` derive what follows, `views` makes HTML of it. Two
thin adapters stand at the ends: `mkdocs_site` for MkDocs' hooks, `cli` for the command line.
"""

__version__ = "0.1.0"
