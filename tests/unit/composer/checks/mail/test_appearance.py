"""Whether everybody can read a mail: colours by day and in the dark, sizes, links, dark mode."""

from __future__ import annotations

import pytest

from tests.mails import BODY_STYLE, DARK, HEAD, METAS, a_mail, findings_of, found

LONG = "Words that go on and on. " * 12


def dark(css: str) -> str:
    """The head of a mail with one more rule for dark screens."""
    return HEAD.replace("</style>", f"@media (prefers-color-scheme:dark) {{ {css} }}</style>")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<p style='color:#999999'>Pale</p>", "“Pale” is #999999 on #fefefe, a contrast of 2.82:1"),
        ("<p style='color:rgb(0 0 0 / 30%)'>Thin</p>", "“Thin” is #b2b2b2 on #fefefe"),
        ("<div style='background:#1f2d2f'><p>Night</p></div>", "“Night” is #1f2d2f on #1f2d2f"),
        ("<table role='none' bgcolor='#333333'><tr><td>Cell", "“Cell” is #1f2d2f on #333333"),
        ("<h2 style='color:#8a8a8a;font-size:18px'>Small</h2>", "4.5:1 is the least"),
        ("<h2 style='color:#999999;font-size:24px'>Large</h2>", "3:1 is the least"),
        ("<p style='color:#6b6b6b'>Behind</p>tail", None),
        ("<h2 style='color:#8a8a8a;font-size:19px'>Bold</h2>", None),
        ("<p style='color:#8a8a8a;font-size:24px'>Large</p>", None),
        ("<p style='color:#999999;display:none'>Hidden</p>", None),
    ],
)
def test_words_too_close_to_what_is_behind_them_are_found(content: str, says: str | None) -> None:
    """contrast; H7."""
    messages = [one for one in found("contrast", a_mail(content)) if "dark screens" not in one]

    assert says in messages[0] if says else messages == []


def test_a_colour_that_can_be_read_is_suggested() -> None:
    """contrast; H7."""
    mail = a_mail("<p style='color:#999999'>Pale</p>")

    (finding,) = [one for one in findings_of(mail) if one.rule == "contrast"]
    assert finding.fix.startswith("Write #757575 or one further from #fefefe for it")


@pytest.mark.parametrize(
    ("css", "says"),
    [
        ("p { color:#444444 !important; }", "On dark screens, “Words” is #444444 on #12171d"),
        ("div > p { color:#444444 !important; }", "On dark screens, “Words” is #444444"),
        ("body .pale { color:#444444 !important; }", "On dark screens, “Words” is #444444"),
        (".pale, .other { background:#eeeeee !important; }", "is #e4e8ec on #eeeeee"),
        ("p { color:#444444; }", None),
        ("h1 > p { color:#444444 !important; }", None),
        (".other { color:#444444 !important; }", None),
        ("p:hover { color:#444444 !important; }", None),
    ],
)
def test_dark_colours_apply_by_the_rules_of_css(css: str, says: str | None) -> None:
    """contrast, H7: what is inline wins, but for !important."""
    content = "<p class='pale' style='color:#1f2d2f'>Words</p>"

    messages = found("contrast", a_mail(content, head=dark(css)))

    assert says in messages[0] if says else messages == []


def test_the_more_specific_rule_wins_and_then_the_later_one() -> None:
    """contrast; H7."""
    css = "body .a { color:#444444 !important; } .a { color:#ffffff !important; }"
    later = ".a { color:#444444 !important; } .a { color:#fefefe !important; }"

    assert found("contrast", a_mail("<p class='a'>x</p>", head=dark(css)))
    assert found("contrast", a_mail("<p class='a'>x</p>", head=dark(later))) == []


@pytest.mark.parametrize(
    "style",
    ["background-image:url(a.png)", "background:linear-gradient(red, blue)", "color:var(--ours)"],
)
def test_words_on_what_nobody_can_know_are_worth_a_look(style: str) -> None:
    """contrast; H7."""
    findings = findings_of(a_mail(f"<p style='{style}'>Words</p>"))

    assert [one.level for one in findings if one.rule == "contrast"] == ["should"]


def test_the_words_for_an_image_stand_there_while_it_is_not_shown() -> None:
    """contrast; H7, H15."""
    image = "<p style='background:#1f2d2f'><img src='a' width='9' height='9' alt='A map'></p>"

    assert "“A map” is #1f2d2f on #1f2d2f" in found("contrast", a_mail(image))[0]


def test_a_button_that_does_not_look_like_one_is_found() -> None:
    """contrast; H7, WCAG 1.4.11."""
    button = "<p><a href='https://a.example' style='display:inline-block;padding:12px;{}'>Go</a>"

    pale = " ".join(found("contrast", a_mail(button.format("background:#dddddd;color:#111111"))))
    strong = " ".join(found("contrast", a_mail(button.format("background:#1d5083"))))

    assert "The button “Go” is #dddddd on #fefefe, a contrast of 1.34:1" in pale
    assert "The button" not in strong


@pytest.mark.parametrize(
    ("content", "is_found"),
    [
        ("<p>See <a href='https://a.example' style='text-decoration:none'>here</a>.</p>", True),
        ("<p>See <a href='https://a.example'>here</a>.</p>", False),
        ("<p><a href='https://a.example' style='text-decoration:none'>Alone</a></p>", False),
        ("<u>See <a href='https://a.example' style='text-decoration:none'>it</a></u>", False),
    ],
)
def test_links_among_words_are_underlined(content: str, is_found: bool) -> None:
    """link-underline; H8."""
    assert bool(found("link-underline", a_mail(content))) is is_found


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("font-size:14px;line-height:16px", "is 16 pixels high; 24 is the least"),
        ("display:inline-block;padding:2px;line-height:16px", "is 20 pixels high; 24 is the least"),
        ("display:inline-block;padding:8px 0 4px;line-height:20px", "32 pixels high; 44 is easy"),
        ("display:inline-block;padding:12px;line-height:20px", None),
        ("line-height:24px", None),
    ],
)
def test_links_that_stand_alone_are_large_enough_to_hit(style: str, says: str | None) -> None:
    """target-size; H11."""
    messages = found(
        "target-size", a_mail(f"<p><a href='https://a.example' style='{style}'>Go</a>")
    )

    assert says in messages[0] if says else messages == []


@pytest.mark.parametrize(
    ("style", "rule", "says"),
    [
        ("font-size:14px", "text-size", "is 14 pixels high; 16 is the least for a text"),
        ("font-size:12px", "text-size", "is 12 pixels high; 13 is the least for small print"),
        ("font-size:.6em", "text-size", "is 9.6 pixels high"),
        ("font-size:75%", "text-size", "is 12 pixels high"),
        ("line-height:1.2", "line-height", "are 1.2 times as high as its letters; 1.5"),
        ("line-height:20px", "line-height", "are 1.25 times"),
        ("text-align:justify", "text-justified", "is justified"),
        ("font-size:12pt;line-height:150%", "text-size", None),
    ],
)
def test_texts_are_easy_on_the_eye(style: str, rule: str, says: str | None) -> None:
    """text-size, line-height, text-justified; H11."""
    content = f"<div data-section='1'><p style='{style}'>{LONG}</p></div>"

    messages = found(rule, a_mail(content))

    assert says in messages[0] if says else messages == []


def test_small_print_outside_of_the_sections_may_be_smaller() -> None:
    """text-size; H11."""
    assert found("text-size", a_mail(f"<p style='font-size:13px'>{LONG}</p>")) == []


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (HEAD.replace('name="color-scheme"', ""), 'lacks <meta name="color-scheme">'),
        (f"<title>a</title>{METAS}<style>p {{ margin:0 }}</style>", "no colours for dark screens"),
        (
            HEAD.replace("[data-ogsc] p ", "[data-ogsc] b "),
            "“p” has the color #e4e8ec on dark screens",
        ),
        (
            HEAD.replace("[data-ogsb] body", "[data-ogsb] b"),
            "“body” has the background-color #12171d on dark screens",
        ),
    ],
)
def test_a_mail_that_is_not_ready_for_the_dark_is_found(head: str, says: str) -> None:
    """dark-mode; H17."""
    (message,) = found("dark-mode", a_mail(head=head))

    assert says in message


def test_pure_black_on_white_is_worth_a_look() -> None:
    """dark-mode; H17."""
    pure = BODY_STYLE.replace("#fefefe", "white").replace("#1f2d2f", "black")

    assert "“News” is #000000 on #ffffff" in found("dark-mode", a_mail(style=pure))[0]
    assert DARK in a_mail().html
