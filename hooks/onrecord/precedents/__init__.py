"""We had this before: the earlier decisions nearest to a text or a record."""
