"""What `newsletter init` leaves is ready to be composed, in whatever design."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.app.clock import utc_now
from newsletter.app.composing import check_file
from newsletter.app.new_workspace import make_workspace
from newsletter.app.workshop import open_workshop
from newsletter.composer.brands.designs import design_names
from newsletter.resources import pages_folder, templates_folder


@pytest.mark.parametrize("design", design_names([templates_folder()]))
def test_the_brand_of_a_new_workspace_suits_every_design(design: str, tmp_path: Path) -> None:
    """H6: the words for its logo, too, which readers see whose images are off."""
    workspace = tmp_path / "workspace"
    make_workspace(workspace, actor="Elin")
    brand = workspace / "brand" / "brand.toml"
    chosen = re.sub("(?m)^design = .*$", f'design = "{design}"', brand.read_text("utf-8"))
    brand.write_text(chosen, "utf-8")

    file = workspace / "editions" / "first-edition" / "edition.yaml"
    composition = check_file(open_workshop(workspace / "newsletter.toml", file), file, utc_now())

    assert composition.compiled.findings == ()


def test_a_new_workspace_has_the_shipped_statements_to_fill_in(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"

    make_workspace(workspace, actor="Elin")

    written = {file.name: file.read_bytes() for file in (workspace / "pages").iterdir()}
    assert written == {file.name: file.read_bytes() for file in pages_folder().iterdir()}
