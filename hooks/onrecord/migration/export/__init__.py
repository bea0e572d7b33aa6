"""The export: a knowledge base as a plain docs tree, which any tool that knows Markdown builds.

In come the root, the library and its views; out comes a folder with a plain `mkdocs.yml`, in
which everything that the hooks add stands as Markdown.
"""
