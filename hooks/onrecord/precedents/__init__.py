"""We had this before: the earlier decisions nearest to a text or a record.

In: all decisions, and a text.
Out: the decisions nearest to it, and why.
"""
