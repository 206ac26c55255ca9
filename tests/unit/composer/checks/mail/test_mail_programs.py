"""What mail programs show, drop, cut off, and what Outlook makes of it."""

from __future__ import annotations

import pytest

from tests.mails import DARK, METAS, a_mail, findings_of, found

TITLE = f"<title>a</title>{METAS}"


@pytest.mark.parametrize(
    ("heaviest", "level"),
    [(90_000, None), (90_001, "should"), (102_400, "should"), (102_401, "must")],
)
def test_a_mail_near_gmails_limit_is_found_and_one_over_it_stopped(
    heaviest: int, level: str | None
) -> None:
    """html-size; H12, D3."""
    findings = findings_of(a_mail(heaviest=heaviest))

    assert [one.level for one in findings if one.rule == "html-size"] == ([level] if level else [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<form action='a'></form>", "holds <form>"),
        ("<video src='https://news.example.org/media/a'></video>", "holds <video>"),
        ("<p onclick='a()'>a</p>", "<p> has a script in “onclick”"),
        ("<a href='javascript:a()'>a</a>", "“a” leads to javascript:a(), which no mail program"),
        ("<a href='/map'>a</a>", "“a” leads to /map, which no mail program"),
        ("<p style='position:absolute'>a</p>", "“position:absolute”"),
        ("<p style='display:flex'>a</p>", "“display:flex”"),
        ("<p style='width:calc(100% - 8px)'>a</p>", "“width:calc(100% - 8px)”"),
        ("<p style='color:var(--a)'>a</p>", "“color:var(--a)”"),
    ],
)
def test_what_mail_programs_drop_is_found(content: str, says: str) -> None:
    """unsupported; H13."""
    assert says in " ".join(found("unsupported", a_mail(content)))


@pytest.mark.parametrize(
    ("css", "says"),
    [
        (".a { margin:0 }" * 600, "has 9,"),
        ("@media screen { @media print { p { margin:0 } } }", "cannot be read"),
        ("p { margin:0 } }", "cannot be read"),
        ("p { position:fixed }", "“position:fixed”"),
    ],
)
def test_blocks_of_styles_that_gmail_drops_are_found(css: str, says: str) -> None:
    """unsupported; H13."""
    head = f"{TITLE}<style>{DARK}</style><style>{css}</style>"

    assert says in " ".join(found("unsupported", a_mail(head=head)))


def test_ordinary_styles_are_no_fault() -> None:
    """unsupported; H13."""
    css = "@media only screen and (max-width:479px) { p { font-size:14px !important } }"
    content = "<p style='position:relative;display:block'><a href='tel:999'>a</a></p>"

    mail = a_mail(content, head=f"{TITLE}<style>{DARK}</style><style>{css}</style>")

    assert found("unsupported", mail) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<!--[if mso]><table role='none'><![endif]-->", "has 1 <table> and 0 </table>"),
        ("<!--[if mso]><![endif]--><!--[if mso]><p>a</p>-->", "once too often"),
        ("<!--[if mso]><table><tr></tr></table><![endif]-->", 'lacks role="presentation"'),
        (
            '<!--[if mso]><table role="none" width="50%"></table><![endif]-->',
            "is 50% wide, and it knows pixels only",
        ),
        (
            "<div style=\"background-image:url('https://news.example.org/media/a')\">a</div>",
            "Words stand on the background image url(",
        ),
        ("<table role='none' background='a'><tr><td>a</td></tr></table>", "background image a"),
    ],
)
def test_what_outlook_gets_wrong_is_found(content: str, says: str) -> None:
    """outlook; H15."""
    assert says in " ".join(found("outlook", a_mail(content)))


@pytest.mark.parametrize(
    "content",
    [
        '<!--[if mso]><table role="none" width="600"><tr><td><![endif]--><p>a</p>'
        "<!--[if mso]></td></tr></table><![endif]-->",
        "<!--[if !mso]><!--><table role='none'></table><!--<![endif]-->",
        "<div style='background-image:none'>a</div>",
        "<div style=\"background-image:url('https://news.example.org/media/a')\"></div>",
    ],
)
def test_what_outlook_reads_as_it_is_meant_is_no_fault(content: str) -> None:
    """outlook; H15."""
    assert found("outlook", a_mail(content)) == []
