"""GitHub, GitLab and Forgejo: addresses, what a branch changes, its comment, CODEOWNERS."""
