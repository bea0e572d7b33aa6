"""A role's page as a first day: what is due, what binds, whom to ask, beside its own text."""
