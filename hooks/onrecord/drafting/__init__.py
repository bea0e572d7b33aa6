"""What a new file begins with: templates, drafts, a new knowledge base.

In: what a person asks for.
Out: paths and texts of new files.
"""
