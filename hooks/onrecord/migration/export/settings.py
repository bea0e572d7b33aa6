"""The export's `mkdocs.yml`: the team's own, less what needs code that a plain tree hasn't.

In comes the text of the team's file and the pages of the tree; out come the new text and the names
of what was left out. The file is kept as a tree of nodes and never built into objects, so tags
such as `!!python/name:` stay as they are written, and do nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

import yaml
from frontmatter.default_handlers import SafeLoader

from onrecord.records.settings import MkdocsFile, mapping_of

KEPT = (
    "site_name",
    "site_url",
    "site_description",
    "site_author",
    "copyright",
    "repo_name",
    "repo_url",
    "use_directory_urls",
    "theme",
    "plugins",
    "nav",
    "exclude_docs",
    "draft_docs",
    "markdown_extensions",
    "extra_css",
    "extra_javascript",
    "extra",
    "validation",
)
"""The keys of the team's file that mean the same in a plain tree, in the order they are written."""

_OURS = ("hooks", "docs_dir", "site_dir", "edit_uri", "edit_uri_template", "not_in_nav", "watch")
"""Keys that are replaced, or have lost their meaning: nobody misses them."""

_BUILT_IN = frozenset(
    (
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"),
        *("footnotes", "legacy_attrs", "legacy_em", "md_in_html", "meta", "nl2br", "sane_lists"),
        *("smarty", "tables", "toc", "wikilinks"),
    )
)
_NEEDED = ("attr_list", "tables", "toc")
_READS_FILES = frozenset(("pymdownx.snippets", "pymdownx.b64", "pymdownx.pathconverter"))

_EDITS = "content.action."

_DEFAULT_THEME = """
name: material
font: false
features: [navigation.sections, navigation.top, search.highlight, toc.follow]
"""


class Settings(NamedTuple):
    """What the export takes over from the team's file."""

    text: str
    extensions: tuple[str, ...]
    left_out: tuple[str, ...]


def plain_settings(
    team: MkdocsFile,
    name: str,
    nav: Sequence[object],
    not_in_nav: Iterable[str],
    pages: Container[str],
) -> Settings:
    """The export's file, from the team's. `name` and `nav` serve where that has none.

    Of the team's nav remains what leads to one of `pages`, or to another host.
    """
    left_out = [key for key in team.keys if key not in (*KEPT, *_OURS)]
    keys = {key: team.keys[key] for key in KEPT if key in team.keys}
    keys.setdefault("site_name", _node(name))
    keys["theme"] = _theme(team, left_out)
    keys["plugins"] = _plugins(team, left_out)
    if "nav" in keys:
        keys["nav"] = _leading_somewhere(keys["nav"], pages, left_out)
        if _is_empty(keys["nav"]):
            del keys["nav"]
    keys.setdefault("nav", _node(nav))
    extensions = _extensions(team, left_out)
    keys["markdown_extensions"] = _sequence(extensions)
    extra = {k: v for k, v in mapping_of(keys.pop("extra", None)).items() if k != "onrecord"}
    if extra:
        keys["extra"] = _as_mapping(extra)
    keys["edit_uri"] = _node("")  # a page here is no file of the forge
    keys["not_in_nav"] = yaml.ScalarNode(
        "tag:yaml.org,2002:str", "".join(f"{one}\n" for one in not_in_nav), style="|"
    )
    ordered = {key: keys[key] for key in (*KEPT, "edit_uri", "not_in_nav") if key in keys}
    text = yaml.serialize(
        _as_mapping(ordered), Dumper=yaml.SafeDumper, allow_unicode=True, width=100
    )
    return Settings(text, tuple(map(_name_of, extensions)), tuple(left_out))


def _theme(team: MkdocsFile, left_out: list[str]) -> yaml.Node:
    theme = team.keys.get("theme")
    if theme is None:
        return _read(_DEFAULT_THEME)
    keys = dict(mapping_of(theme))
    if not keys:
        return theme
    if "custom_dir" in keys:
        left_out.append("theme: custom_dir")
    features = keys.get("features")
    if isinstance(features, yaml.SequenceNode):
        kept = [one for one in features.value if not _name_of(one).startswith(_EDITS)]
        keys["features"] = _sequence(kept)
    return _as_mapping({k: v for k, v in keys.items() if k != "custom_dir"})


def _plugins(team: MkdocsFile, left_out: list[str]) -> yaml.Node:
    search: yaml.Node = _node("search")
    for one in _items(team.keys.get("plugins")):
        name = _name_of(one)
        if name in ("search", "material/search"):
            search = one
        else:
            left_out.append(f"plugins: {name}")
    return _sequence([search])


def _extensions(team: MkdocsFile, left_out: list[str]) -> list[yaml.Node]:
    kept: list[yaml.Node] = []
    for one in _items(team.keys.get("markdown_extensions")):
        name = _name_of(one)
        short = name.removeprefix("markdown.extensions.")
        if short in _BUILT_IN or (name.startswith("pymdownx.") and name not in _READS_FILES):
            kept.append(one)
        else:
            left_out.append(f"markdown_extensions: {name}")
    known = {_name_of(one).removeprefix("markdown.extensions.") for one in kept}
    return [*(_node(name) for name in _NEEDED if name not in known), *kept]


def _leading_somewhere(nav: yaml.Node, pages: Container[str], left_out: list[str]) -> yaml.Node:
    """The nav without the pages that only the team's site has, such as its forms."""
    if isinstance(nav, yaml.SequenceNode):
        kept = [_leading_somewhere(one, pages, left_out) for one in nav.value]
        return _sequence([one for one in kept if not _is_empty(one)])
    if isinstance(nav, yaml.MappingNode):
        entries = ((k, _leading_somewhere(v, pages, left_out)) for k, v in mapping_of(nav).items())
        return _as_mapping({key: value for key, value in entries if not _is_empty(value)})
    page = str(nav.value).partition("#")[0].removeprefix("./")
    if page.endswith(".md") and "://" not in page and page not in pages:
        left_out.append(f"nav: {page}")
        return _sequence([])
    return nav


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.value


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    """The entries of a list of names, each with or without options; a mapping is one too."""
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.MappingNode):
        return [yaml.MappingNode(node.tag, [pair]) for pair in node.value]
    return []


def _name_of(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return next(iter(mapping_of(node)), "")
    return str(node.value)


def _sequence(nodes: list[yaml.Node]) -> yaml.Node:
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes)


def _as_mapping(keys: dict[str, yaml.Node]) -> yaml.Node:
    pairs = [(_node(key), value) for key, value in keys.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs)


def _node(value: object) -> yaml.Node:
    """A value of lists, mappings and texts as a node; JSON is YAML."""
    node = _read(json.dumps(value, ensure_ascii=False))
    _unquoted(node)
    return node


def _read(text: str) -> yaml.Node:
    node: yaml.Node | None = yaml.compose(text, Loader=SafeLoader)
    assert node is not None, "a text of our own has a value"
    return node


def _unquoted(node: yaml.Node) -> None:
    """As a person would write it: no quotes that YAML doesn't need, a line for each entry."""
    if isinstance(node, yaml.ScalarNode):
        node.style = None
    elif isinstance(node, yaml.CollectionNode):
        node.flow_style = False
        for one in node.value:
            for part in one if isinstance(one, tuple) else (one,):
                _unquoted(part)
