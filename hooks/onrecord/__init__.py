"""OnRecord: decisions, roles and handoffs as Markdown in git, and the site they become.

Data walks one way: file text, record, library, what follows, page. `records` reads files,
`lifecycle` derives what follows from one record and `overview` from all, `precedents` finds what
was decided before; `site` and `cli` show it. Each package imports only what is below it;
CONTRIBUTING.md has a picture of them.
"""

__version__ = "0.1.0"
