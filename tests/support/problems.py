"""Problems of one team: one that comes up again, and others that are like none of these."""

from __future__ import annotations

WEEKEND = (
    "Support tickets pile up over the weekend, because nobody is on call on Saturday. "
    "Customers in Japan wait until our Monday for their first reply."
)
OTHERS = {
    "buy-a-kettle": "The coffee machine leaks, and its repair costs more than a new kettle.",
    "type-less": "Invoices are typed by hand into the ledger, which takes the bookkeeper a day.",
    "give-up-the-office": "The office lease ends in March, while half of the desks stand empty.",
    "list-laptops": "Laptops are bought without a list, so that spare chargers can't be found.",
    "one-calendar": "Two calendars disagree about public holidays in Spain and in Portugal.",
    "drop-the-newsletter": "The newsletter goes out unread; its template hides how to leave it.",
}
