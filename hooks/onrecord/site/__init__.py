"""The site: its pages, what it gives to machines, and MkDocs' hooks.

In: a knowledge base, and the events of a build.
Out: pages, feeds, calendars, records.json.
"""
