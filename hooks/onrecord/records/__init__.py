"""What a record is, and how a file becomes one.

In: the files of a knowledge base.
Out: a library of records, and findings.
"""
