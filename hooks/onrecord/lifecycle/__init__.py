"""What follows from one record: its status, stages, gates, handoffs and readiness.

In: a library.
Out: relations and status, what a gate still lacks, the lines that change.
"""
