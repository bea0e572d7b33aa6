"""Values that nobody types: where a metric's numbers come from, and reading them there.

In: what a metric's `collect` names.
Out: one row a period with its origin, or why there is none.
"""
