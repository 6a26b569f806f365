"""Every link of the documents leads somewhere, and every page can be reached."""

import re
from urllib.parse import unquote

import pytest
from tests.docs.markdown import PAGES, ROOT, anchors, prose

LINKS = [
    pytest.param(page, link, id=f"{page.relative_to(ROOT)} {link}")
    for page in PAGES
    for link in dict.fromkeys(re.findall(r"\]\(([^)\s]+)\)", prose(page)))
    if not re.match(r"https?://|mailto:", link)
]


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_the_link_leads_somewhere(page, link):
    path, _, anchor = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.is_relative_to(ROOT)
    assert target.exists()
    assert not anchor or anchor in anchors(target)


def test_every_page_is_reached_from_the_readme():
    open_pages, reached = [ROOT / "README.md"], set()
    while open_pages:
        page = open_pages.pop()
        if page in reached:
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+\.md)", prose(page))
        open_pages += [(page.parent / each).resolve() for each in links if "://" not in each]
    assert [str(each) for each in PAGES if each not in reached] == []


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(
        r"^\| \[(\d{4})\]\((\1-[a-z-]+\.md)\)", (folder / "README.md").read_text(), re.MULTILINE
    )
    assert sorted(name for _, name in listed) == sorted(each.name for each in folder.glob("0*.md"))


def test_every_decision_has_its_four_parts():
    wanted = ["Context", "Decision", "Consequences", "Reopen when"]
    for page in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE) == wanted, (
            page
        )
