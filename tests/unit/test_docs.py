"""Documents are covered like code: what exists is described, what is described exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import PAGES, REFERENCE, ROOT

LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
PAGES_WITH_LINKS = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_reference_page_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), "run: python docs/generate.py"


@pytest.mark.parametrize("page", PAGES_WITH_LINKS, ids=lambda path: path.name)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert missing == []


def test_every_setting_is_described() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    described = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"HELDER_[A-Z]+", code)) - set(re.findall(r"HELDER_[A-Z]+", described))) == []


def test_every_contract_object_is_described() -> None:
    from helder.library.contract import SCHEMAS

    described = (REFERENCE / "contracts.md").read_text(encoding="utf-8")
    assert [name for name in SCHEMAS if f"`{name}`" not in described] == []


def test_the_repository_names_no_package_index() -> None:
    lists = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.txt"))
    assert "://" not in lists
    assert "--index" not in lists
    assert all("--hash=" in block for block in re.split(r"\n(?=[a-z])", lists.replace("\\\n", "")) if block.strip())
