"""Take the README's pictures of the example: home, a decision and a role, light and dark.

In come the example's built site and the folder for the pictures; out go small WebP files. The hour
and whoever reads are fixed, so that a picture changes only when a page does.

    make pictures
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from site_server import served

PAGES = {
    "home": "",
    "decision": "decisions/2026/sell-in-station-kiosks/",
    "role": "playbooks/shop-lead/",
}
WINDOW = {"width": 1280, "height": 800}
NOW = "2026-12-09T09:12:00Z"
READER = {"file": "people/raj/waiting.json", "handle": "raj", "name": "Raj Menon"}


def take(site: Path, out: Path, browser: str) -> None:
    """Take each picture in both looks."""
    out.mkdir(parents=True, exist_ok=True)
    known = json.dumps(json.dumps(READER))
    with served(site) as address, sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for look in ("light", "dark"):
            context = running.new_context(viewport=WINDOW, color_scheme=look)
            context.add_init_script(f"localStorage.setItem('onrecord-you /', {known})")
            for name, page in PAGES.items():
                tab = context.new_page()
                tab.clock.set_fixed_time(NOW)
                tab.goto(address + page, wait_until="networkidle")
                picture = Image.open(io.BytesIO(tab.screenshot()))
                picture.save(out / f"{name}-{look}.webp", quality=70, method=6)
                tab.close()
        running.close()


if __name__ == "__main__":
    site, out, browser = sys.argv[1:]
    take(Path(site), Path(out), shutil.which(browser) or browser)
