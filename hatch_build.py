"""The project's long description: README.md with links that work on an index too.

In comes README.md, whose links are relative to the repository, as forges want them; out comes the
same text with whole addresses of the version's tag, once `[project.urls]` names the source.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

try:
    from hatchling.metadata.plugin.interface import MetadataHookInterface
except ImportError:  # a test reads this without the build's own packages
    MetadataHookInterface = object  # type: ignore[assignment, misc]

_MARKDOWN = re.compile(r"(!?)(\[[^\[\]]*\]\()([^()\s:#]+)((?:#[^()\s]*)?\))")
_HTML = re.compile(r'()(\b(?:src|srcset|href)=")([^"\s:#]+)((?:#[^"]*)?")')


def with_whole_links(text: str, source: str, version: str) -> str:
    """A README whose relative links lead to the files of a version's tag on GitHub or GitLab."""
    top = source.rstrip("/") + ("/-" if "gitlab" in source.split("/")[2] else "")

    def whole(found: re.Match[str]) -> str:
        mark, before, path, after = found.groups()
        is_picture = mark or before.startswith("src")
        kind = "raw" if is_picture else "blob"
        return f"{mark}{before}{top}/{kind}/v{version}/{path.removeprefix('./')}{after}"

    return _HTML.sub(whole, _MARKDOWN.sub(whole, text))


class CustomMetadataHook(MetadataHookInterface):
    """What hatchling asks for the fields that pyproject.toml calls dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the long description."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        source = metadata.get("urls", {}).get("Source", "")
        if source:
            text = with_whole_links(text, source, metadata["version"])
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
