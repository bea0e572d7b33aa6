"""Finding records by words: on the command line and in the site's index."""
