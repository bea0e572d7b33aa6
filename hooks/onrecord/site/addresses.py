"""Addresses on a site: where a page is, seen from the site's root, from a page, or from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Address = Callable[[str], str]
"""From the path of a record, page or file to its address, seen from what is being made."""


def markdown_of(address: str) -> str:
    """The address of the Markdown beside a page, from the page's own."""
    return f"{address}index.md" if address.endswith("/") else address.removesuffix(".html") + ".md"


def addresses_from(here: str, addresses: Mapping[str, str], site_url: str = "") -> Address:
    """Addresses seen from the page or file at `here`; whole ones where the site's is known.

    `addresses` are from the site's root, by path. What has none leads to the root.
    """
    root = f"{site_url.rstrip('/')}/" if site_url else "../" * here.count("/") or "./"

    def address(path: str) -> str:
        found = addresses.get(path, "")
        return root + (found if found not in ("./", ".") else "")

    return address
