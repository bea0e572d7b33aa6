"""The files that are beside the pages, each as the site may publish it.

In come the files of a build; out come the same files, with those that act in a browser cleaned or
left out. Files of the theme and of plugins are theirs.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from onrecord.records.disk import read_file
from onrecord.site.files import NotPublishedError, PublishedFile, published
from onrecord.site.mkdocs.log import log

_TRUST = "if only people you trust change docs/, set `extra: onrecord: docs: trusted` in mkdocs.yml"


def clean_docs(files: Files, config: MkDocsConfig) -> None:
    """Replace or leave out every file of docs/ that would act in a browser; each is said."""
    named = {str(one).lstrip("/") for one in (*config.extra_javascript, *config.extra_css)}
    named |= {str(one) for one in config.extra_templates}
    for file in list(files):
        if file.is_documentation_page() or file.src_dir != config.docs_dir:
            continue
        source = Path(file.abs_src_path or "")
        try:
            made = published(file.src_uri, partial(read_file, source), named)
        except OSError:
            continue  # MkDocs says so itself
        except NotPublishedError as error:
            files.remove(file)
            log.warning(f"{file.src_uri}: {error}; it is left out; {_TRUST}")
            continue
        if made.data is not None:
            files.remove(file)
            files.append(File.generated(config, made.path, content=made.data))
        if made.taken_out:
            out = ", ".join(made.taken_out)
            log.warning(f"{file.src_uri}: {out} could run, so it was removed; {_TRUST}")


def beside_a_record(path: str, root: Path) -> PublishedFile | None:
    """A file beside a record as the site has it; None when it isn't published.

    `onrecord check` and the build have named it already.
    """
    try:
        return published(path, partial(read_file, root / path), text_as_page=True)
    except (NotPublishedError, OSError):
        return None
