"""Words, sentences, slugs and escapes of any text."""
