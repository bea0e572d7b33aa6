"""What a new file begins with: templates, drafts, a new knowledge base."""
