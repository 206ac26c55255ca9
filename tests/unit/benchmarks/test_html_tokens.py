from __future__ import annotations

import pytest

from benchmarks.html_tokens import differing_tokens, html_tokens, token_ratio

ROW = "<tr><td>Dŵr glân</td></tr>"
TABLE = f'<table align="center" style="width:600px; margin: 0 auto">{ROW}</table>'


def test_a_document_becomes_tags_attributes_declarations_and_text() -> None:
    html = '<p lang="cy" class="wide note" style="margin:0; color: #1f2a37;">Dŵr  glân<br /></p>'

    assert html_tokens(html) == [
        "<p>",
        "class note",
        "class wide",
        "lang=cy",
        "style color:#1f2a37",
        "style margin:0",
        "Dŵr glân",
        "<br>",
        "</p>",
    ]


def test_what_only_outlook_reads_is_taken_apart_as_well() -> None:
    html = '<!--[if mso | IE]><td width="600" ><![endif]--><!-- a note -->'

    assert html_tokens(html) == [
        "[if mso | IE]",
        "<td>",
        "width=600",
        "[endif]",
        "<!--a note-->",
    ]


def test_conditional_comments_with_one_condition_are_one() -> None:
    parted = (
        "<!--[if mso]><tr><![endif]-->\n<!--[if mso]><td><![endif]--><!--[if IE]><p><![endif]-->"
    )

    assert html_tokens(parted) == [
        "[if mso]",
        "<tr>",
        "<td>",
        "[endif]",
        "[if IE]",
        "<p>",
        "[endif]",
    ]


def test_a_sheet_becomes_selectors_and_declarations() -> None:
    html = "<style>/* phones */ @media (max-width: 480px) { .a , .b { top: 0; left:0 } }</style>"

    assert html_tokens(html) == [
        "<style>",
        "@media (max-width:480px) {",
        ".a,.b {",
        "left:0",
        "top:0",
        "}",
        "}",
        "</style>",
    ]


@pytest.mark.parametrize(
    "same",
    [
        TABLE.replace("><", ">\n  <"),
        TABLE.replace("width:600px; margin: 0 auto", "margin:0 auto;width:600px;"),
        f'<table style="width:600px; margin: 0 auto" align="center">{ROW}</table>',
        TABLE.replace("<tr", '<tr class="" style=""'),
    ],
    ids=["white space", "declarations", "attributes", "empty style"],
)
def test_order_and_white_space_make_no_difference(same: str) -> None:
    assert token_ratio(TABLE, same) == 1.0


@pytest.mark.parametrize(
    "other",
    [
        TABLE.replace("glân", "brwnt"),
        TABLE.replace("600px", "100%"),
        TABLE.replace(' align="center"', ""),
        TABLE.replace("<td>", '<td vertical-align="middle">'),
    ],
    ids=["text", "value", "attribute less", "attribute more"],
)
def test_every_other_difference_counts(other: str) -> None:
    assert 0.8 < token_ratio(TABLE, other) < 1.0


def test_the_order_of_elements_counts() -> None:
    assert token_ratio("<h2>One</h2><p>Two</p>", "<p>Two</p><h2>One</h2>") == 0.5


def test_an_image_without_a_description_differs_from_one_with_an_empty_one() -> None:
    assert token_ratio('<img src="a.png">', '<img src="a.png" alt="">') < 1.0


def test_what_differs_can_be_told() -> None:
    ours, theirs = differing_tokens(TABLE, TABLE.replace("center", "left"))

    assert dict(ours) == {"align=center": 1}
    assert dict(theirs) == {"align=left": 1}
