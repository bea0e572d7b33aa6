"""All records together: the catalogue, the roster, who is waited for, what happened.

In: a library and its relations.
Out: lists, people, what waits and what happened.
"""
