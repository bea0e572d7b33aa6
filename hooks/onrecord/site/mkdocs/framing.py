"""What stands around a text on its page: heading, fragments, contents, and what a page's head says.

In comes the HTML that people's Markdown became, made harmless; out comes the content of a page, and
the few lines that its head has more.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from onrecord.records.model import Record
from onrecord.site.pages import Fragment, places
from onrecord.site.pages.rendering import marked
from onrecord.site.pictures import HEIGHT, WIDTH, Previews

LONG_TITLE = 60
"""Signs after which a title is set smaller."""

FIRST_HEADING = re.compile(r"\A\s*<h1\b.*?</h1>", re.DOTALL)
_HEADINGS = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_SMALL = re.compile(r"<small>.*?</small>", re.DOTALL)
_FIRST_TAG = re.compile(r'\A<h1(?: class="[^"]*")?')
_ID = re.compile(r'<(?:section|h2|h3|div)\b[^<>]*?\sid="([^"]+)"')
_TAG = re.compile(r"<[^<>]+>")


def set_in(html: str, record: Record, fragment: Fragment, page: Page) -> str:
    """The text with its fragments: below its own first heading, or below one made of the title."""
    heading = FIRST_HEADING.match(html)
    if heading is None:
        head, text = f"<h1>{marked(record.title)}</h1>", html
    else:
        head, text = html[: heading.end()].lstrip(), html[heading.end() :]
    shown = unescape(_TAG.sub("", head.partition('<a class="headerlink"')[0])).strip()
    if len(shown) > LONG_TITLE:  # the heading of a text may say more than its title
        head = _FIRST_TAG.sub('<h1 class="or-long"', head, count=1)
    _add_to_toc(page, fragment.after if fragment.text else fragment.known + fragment.after)
    if page.present_anchor_ids is not None:
        made = (fragment.below, fragment.text, fragment.known, fragment.after)
        page.present_anchor_ids |= {one for part in made for one in _ID.findall(part)}
    below = fragment.text or f'<div class="or-text">{text}</div>{fragment.known}'
    return (
        f'<header class="or-top">{fragment.above}{head}{fragment.below}</header>'
        f"{below}{fragment.after}"
    )


def mark_word(nav: Any, page: Page) -> None:
    """Mark the word of the navigation to which a page belongs that isn't in it itself."""
    word = places.word_of(page.file.src_uri)
    for item in nav.items:
        if item.is_page and item is not page:
            item.active = item.file.src_uri == word


def at_home(html: str, home: str, site_name: str) -> str:
    """What needs somebody, below the heading; then what the site's owner wrote.

    A heading that only repeats the name in the header is there to be heard, not seen.
    """
    heading = FIRST_HEADING.match(html)
    head = heading.group() if heading else f"<h1>{escape(site_name)}</h1>"
    text = html[heading.end() :] if heading else html
    title = unescape(_TAG.sub("", head.split('<a class="headerlink"')[0])).strip()
    if title == site_name:
        head = f'<div class="or-hidden">{head}</div>'
    rest = f'<div class="or-text">{text}</div>' if text.strip() else ""
    return f"{head}{home}{rest}"


def _add_to_toc(page: Page, html: str) -> None:
    """Headings of a fragment are in the table of contents behind those of the text."""
    items = page.toc.items
    level = items[0].children if len(items) == 1 and items[0].level == 1 else items
    for anchor, title in _HEADINGS.findall(html):
        words = _TAG.sub("", _SMALL.sub("", title)).strip()
        level.append(AnchorLink(words, anchor, 2))


def link_to(rel: str, kind: str, href: str, title: str = "") -> str:
    """What a page's head says of a file beside it.

    Not `alternate` alone: Material looks for a sitemap beside each of those.
    """
    named = f' title="{escape(title)}"' if title else ""
    return f'<link rel="alternate {rel}" type="{kind}"{named} href="{escape(href)}">'


def preview(page: Page, config: MkDocsConfig, previews: Previews | None) -> str:
    """What a chat or a forge shows of a page that somebody links to."""
    title = str(page.meta.get("title") or page.title or config.site_name)
    said = str(page.meta.get("description") or config.site_description or "")
    facts = {
        "og:type": "article",
        "og:site_name": escape(config.site_name),
        "og:title": title,
        "og:description": said,
        "og:url": page.canonical_url or "",
    }
    own = previews.address(page.file.src_uri) if previews is not None else ""
    picture = own or (places.PREVIEW if config.theme.name == "material" else "")
    if config.site_url and picture:  # a picture needs a whole address
        facts["og:image"] = escape(urljoin(config.site_url, picture))
    told = "".join(
        f'<meta property="{name}" content="{text}">' for name, text in facts.items() if text
    )
    if own and previews is not None:
        told += (
            f'<meta property="og:image:width" content="{WIDTH}">'
            f'<meta property="og:image:height" content="{HEIGHT}">'
            f'<meta property="og:image:alt" content="{escape(previews.said(page.file.src_uri))}">'
            '<meta name="twitter:card" content="summary_large_image">'
        )
    return told
