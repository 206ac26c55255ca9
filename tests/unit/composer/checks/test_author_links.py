"""Links as they were written, and as the finished mail names them."""

from __future__ import annotations

from newsletter.composer.checks.author_links import AuthorLink, author_links
from newsletter.composer.checks.examined import Writing
from newsletter.composer.checks.texts import texts_of
from newsletter.domain.compiled import CompiledLink
from tests.writings import a_writing, address, found_in, line, rich

REPORT = "https://harbour.example.org/report"
PLAN = "https://harbour.example.org/plan"


def links_of(writing: Writing) -> list[AuthorLink]:
    return list(author_links(writing, tuple(texts_of(writing))))


def test_a_button_has_the_label_beside_it_and_the_name_that_the_mail_gives_it() -> None:
    writing = a_writing(
        line("The annual report"),
        line("Read more", "link.label"),
        address(REPORT),
        links=[CompiledLink("Read more: The annual report", REPORT, 1)],
    )

    (link,) = links_of(writing)

    assert (link.label, link.name) == ("Read more", "Read more: The annual report")
    assert (link.place.field, link.label_place.field) == ("link.url", "link.label")


def test_links_come_in_the_order_in_which_they_were_written() -> None:
    writing = a_writing(
        address(PLAN, "first.url"), rich(f"Text\n\nSee [the report]({REPORT})."), address(PLAN)
    )

    assert [link.address for link in links_of(writing)] == [PLAN, REPORT, PLAN]


def test_a_link_among_words_is_placed_in_its_row() -> None:
    (link,) = links_of(a_writing(rich(f"Text\n\nSee [the report]({REPORT}).")))

    assert (link.label, link.name, link.place.row) == ("the report", "the report", 2)


def test_a_link_that_the_template_names_has_that_name() -> None:
    """As of social accounts: the address is the author's, the words are ours."""
    writing = a_writing(address(REPORT, "url"), links=[CompiledLink("Facebook", REPORT, 1)])

    (link,) = links_of(writing)

    assert (link.label, link.name, link.label_place.field) == (None, "Facebook", "url")


def test_what_the_template_calls_a_link_is_not_held_against_its_author() -> None:
    """As of a contact's web site, which is shown by its address."""
    writing = a_writing(address(REPORT, "url"), links=[CompiledLink(REPORT, REPORT, 1)])

    assert found_in(writing) == ()


def test_a_link_that_the_mail_does_not_show_has_no_name() -> None:
    (link,) = links_of(a_writing(address(REPORT, "url")))

    assert (link.label, link.name) == (None, None)


def test_the_same_address_in_another_section_is_another_link() -> None:
    writing = a_writing(address(REPORT, "url"), links=[CompiledLink("Facebook", REPORT, 2)])

    (link,) = links_of(writing)

    assert link.name is None


def test_a_vague_label_weighs_more_while_nothing_is_heard_with_it() -> None:
    label, url = line("Read more", "link.label"), address(REPORT)
    named = CompiledLink("Read more: The annual report", REPORT, 1)

    alone = found_in(a_writing(label, url))
    with_heading = found_in(a_writing(label, url, links=[named]))

    assert [(one.rule, one.level) for one in alone] == [("link-vague", "must")]
    assert [(one.rule, one.level) for one in with_heading] == [("link-vague", "should")]


def test_vague_labels_that_the_mail_tells_apart_are_not_ambiguous() -> None:
    writing = a_writing(
        line("Read more", "a.label"),
        address(REPORT, "a.url"),
        line("Read more", "b.label"),
        address(PLAN, "b.url"),
        links=[
            CompiledLink("Read more: Report", REPORT, 1),
            CompiledLink("Read more: Plan", PLAN, 1),
        ],
    )

    assert [finding.rule for finding in found_in(writing)] == ["link-vague", "link-vague"]


def test_a_link_without_words_is_left_to_the_checks_of_the_finished_mail() -> None:
    writing = a_writing(address(REPORT, "url"), links=[CompiledLink("", REPORT, 1)])

    assert found_in(writing) == ()
