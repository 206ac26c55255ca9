"""Where the time of composing goes: CPU by stage, for who wants to make it less."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time

from benchmarks.editions import Sample, seed_size
from benchmarks.watching import Function, StageClock, replaced
from newsletter.composer.checking import check_composed
from newsletter.composer.markup.finish import finish
from newsletter.composer.markup.finished_links import links_of
from newsletter.composer.markup.inline import inline_styles, parse
from newsletter.composer.markup.render import fill_template, mjml_as_html
from newsletter.composer.pictures.images import read_picture
from newsletter.composer.reading.edition_reader import EditionReader
from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.plain_text import rich_text_as_plain, tidy
from newsletter.composer.words.richtext import read_rich_text

TIMES = 20
REST = "the rest"
STAGES: Mapping[str, tuple[Function, ...]] = {
    "reading the sections": (EditionReader.read,),
    "Markdown": (read_rich_text,),
    "plain text": (rich_text_as_plain, tidy),
    "pictures": (read_picture,),
    "templates": (fill_template,),
    "MJML": (mjml_as_html,),
    "reading the HTML": (parse,),
    "inlining styles": (inline_styles,),
    "finishing": (finish,),
    "slots and links": (Marks.split, links_of),
    "checks": (check_composed,),
}
"""Stages by name, each with its functions: what they call counts for it, but for other stages."""


def seconds_by_stage(sample: Sample) -> dict[str, float]:
    """CPU seconds of composing the sample once, on average, with all checks, by stage."""
    clock = StageClock()
    timed = {
        function: clock.timed(stage, function)
        for stage, functions in STAGES.items()
        for function in functions
    }
    with replaced(timed):
        began = process_time()
        for _ in range(TIMES):
            sample.compose(checks=True)
        took = process_time() - began
    rest = took - sum(clock.seconds.values())
    return {stage: each / TIMES for stage, each in {**clock.seconds, REST: rest}.items()}


if __name__ == "__main__":
    seconds_by_stage(seed_size())
