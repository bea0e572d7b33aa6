"""GitHub, GitLab and Forgejo: addresses, what a branch changes, its comment, CODEOWNERS.

In: what a branch changes.
Out: addresses, one comment, CODEOWNERS.
"""
