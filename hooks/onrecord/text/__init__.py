"""Words, sentences, slugs and escapes of any text.

In: any text.
Out: its words, sentences and slugs, and the text made harmless for one place.
"""
