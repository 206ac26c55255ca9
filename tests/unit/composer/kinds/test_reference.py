from __future__ import annotations

from pathlib import Path

from newsletter.composer.kinds.catalogue import load_catalogue
from newsletter.composer.kinds.reference import sections_page

STALL = """\
[labels]
en = "Stall"
cy = "Stondin"

[fields.side]
type = "choice"
options.left = { en = "Left", cy = "Chwith" }
options.right = { en = "Right", cy = "De" }

[fields.goods]
type = "list"
required = true
min_items = 1
max_items = 9

[fields.goods.item]
type = "group"

[fields.goods.item.fields.price]
type = "words"
neutral = true
max_length = 1200
help.en = "In pounds | pence."

[fields.goods.item.fields.picture]
type = "image"
width = 96
crop = "3:2"
"""


def test_a_kind_is_explained_field_by_field_with_its_sample(tmp_path: Path) -> None:
    folder = tmp_path / "sections" / "stall"
    folder.mkdir(parents=True)
    (folder / "section.toml").write_text(STALL, encoding="utf-8")
    (folder / "sample.yaml").write_text("kind: stall\n", encoding="utf-8")

    page = sections_page(load_catalogue([tmp_path]))

    assert page.partition("## stall\n\n")[2].splitlines() == [
        "Stall (en), Stondin (cy).",
        "",
        "| field | type | needed | limits | what it is |",
        "|---|---|---|---|---|",
        "| `side` | choice |  | `left` or `right` |  |",
        "| `goods` | list | yes | 1 to 9 |  |",
        "| `goods.1` | group |  |  |  |",
        "| `goods.1.price` | words, neutral |  | 1,200 characters | In pounds \\| pence. |",
        "| `goods.1.picture` | image |  | 96 px, cut to 3:2 |  |",
        "",
        "```yaml",
        "kind: stall",
        "```",
    ]
