"""Sending a message to a channel: mail, chat or a web hook, by its address.

apprise knows more than a hundred kinds of addresses, and is loaded when a message is sent.
"""

from __future__ import annotations


class NoChannels(Exception):
    """The package that sends messages isn't installed."""


def send(title: str, body: str, address: str) -> bool:
    """Send plain text to an address; False when the channel refuses it. Never prints the address.

    Raises `NoChannels` where apprise is missing.
    """
    try:
        import apprise
    except ImportError:
        raise NoChannels from None
    channels = apprise.Apprise(asset=apprise.AppriseAsset(secure_logging=True, async_mode=False))
    if not channels.add(address):
        return False
    form = apprise.NotifyFormat.TEXT
    return bool(channels.notify(title=title, body=body, body_format=form))
