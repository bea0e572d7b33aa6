"""Finding records by words: on the command line and in the site's index.

In: words and filters.
Out: the records that fit, with the passage.
"""
