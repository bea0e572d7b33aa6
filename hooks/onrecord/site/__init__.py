"""The site: its pages, what it gives to machines, and MkDocs' hooks."""
