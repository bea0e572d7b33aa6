"""All records together: the catalogue, the roster, who is waited for, what happened."""
