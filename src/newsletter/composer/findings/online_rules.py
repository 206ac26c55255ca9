"""Rules that only the world outside can tell; they are checked on demand (`check --online`)."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_TRY_IT = "It may refuse programs and yet open in a browser: try it there before you send."

ONLINE_RULES = (
    Rule(
        "link-broken",
        Level.MUST,
        "Each https link leads to a page that is there; opened only with --online.",
        "D4",
        {
            "missing": Wording(
                "“{label}” leads to {url}, and there is no such page (the answer was {status}).",
                "Open the site in a browser, and copy the address of the page that is meant.",
            ),
            "no-such-host": Wording(
                "“{label}” leads to {url}, and there is no site of that name.",
                "Look for a slip in the site's name.",
            ),
            "no-address": Wording(
                "“{label}” leads to {url}, which is no address that can be opened.",
                "Open the page in a browser, and copy its address from there.",
            ),
            "bad-certificate": Wording(
                "“{label}” leads to {url}, whose certificate is out of date or is another site's;"
                " browsers warn readers away.",
                "Tell whoever looks after that site, or link to another page.",
            ),
            "password": Wording(
                "“{label}” leads to {url}, and its address holds a user's name or password. It was"
                " not opened.",
                "Link to a page that is open to everybody, and take the name out of the address.",
            ),
            "not-public": Wording(
                "“{label}” leads to {url}, which from here is inside a private network. It was not"
                " opened.",
                "Make sure that readers elsewhere can open it, or link to another page.",
                Level.SHOULD,
            ),
            "no-https": Wording(
                "“{label}” leads to {url}, which sends readers on to an address without https.",
                "Link to a page that stays with https.",
                Level.SHOULD,
            ),
            "other-port": Wording(
                "“{label}” leads to {url}, and through it to an unusual port. It was not opened.",
                "Make sure that readers elsewhere can open it: many networks let only the usual"
                " port through.",
                Level.SHOULD,
            ),
            "redirects": Wording(
                "“{label}” leads to {url}, which sends readers on again and again.",
                "Link to the page where it ends.",
                Level.SHOULD,
            ),
            "error": Wording(
                "“{label}” leads to {url}, which answers with an error ({status}).",
                _TRY_IT,
                Level.SHOULD,
            ),
            "slow": Wording(
                "“{label}” leads to {url}, which did not answer in time.", _TRY_IT, Level.SHOULD
            ),
            "unreachable": Wording(
                "“{label}” leads to {url}, which could not be reached.",
                "Look whether this machine is online, and try the link in a browser.",
                Level.SHOULD,
            ),
            "no-tls": Wording(
                "“{label}” leads to {url}, to which no secure connection could be made.",
                "Try it in a browser; when that warns you, link to another page.",
                Level.SHOULD,
            ),
            "no-http": Wording(
                "“{label}” leads to {url}, whose answer cannot be understood.",
                _TRY_IT,
                Level.SHOULD,
            ),
            "unasked": Wording(
                "Addresses that were not opened, since they were too many or too slow: {count}.",
                "Run the check again: it remembers what has answered and goes on with the others.",
                Level.SHOULD,
            ),
            "moved": Wording(
                "“{label}” leads to {url}, which has moved for good to {moved_to}.",
                "Link to the new address.",
                Level.ADVICE,
            ),
        },
    ),
)
