"""The index of a base: features, postings and the likes of each document."""
