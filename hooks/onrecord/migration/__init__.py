"""Importing from other tools, and export away from ours.

In: records of other tools; or a site of ours.
Out: records of ours; or plain Markdown.
"""
