"""What the site has from beyond this folder: pages at the root, and each file that a page links to.

In the repository a link leads to the file itself; on the site to a page that shows it.
"""

import re
from os.path import relpath
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "README.md": "index.md",
    "docs/README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "events/README.md": "events.md",
    "benchmarks/README.md": "benchmarks.md",
}
LINK = re.compile(r"""(?:(?<=\]\()|(?<=src=")|(?<=srcset="))(?![a-z]+:|#|/)([^)#\s"]+)""")
"""Where a link leads, up to its anchor, and which file a picture is: one of the repository."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds them."""
    for name, uri in PAGES.items():
        if not name.startswith("docs/"):
            files.append(File.generated(config, uri, abs_src_path=str(ROOT / name)))
    for page in list(files.documentation_pages()):
        for link in LINK.findall(page.content_string):
            shown = (_folder(page) / link).resolve()
            uri = _uri(shown)
            if shown.is_file() and files.get_file_from_path(uri) is None:
                files.append(_showing(shown, uri, config))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Leads each link to where its file is on the site."""
    here = Path(page.file.src_uri).parent

    def leads(link: re.Match[str]) -> str:
        target = (_folder(page.file) / link[1]).resolve()
        if not target.is_file():
            return link[1]  # what is wrong is told by --strict
        return relpath(_uri(target), here)

    return LINK.sub(leads, markdown)


def _folder(page: File) -> Path:
    """Where its file is: a link is relative to that. What shows a file has no links."""
    return Path(page.abs_src_path or ROOT / "docs" / page.src_uri).parent


def _uri(file: Path) -> str:
    """Where a file of the repository is on the site."""
    name = file.relative_to(ROOT).as_posix()
    if name in PAGES:
        return PAGES[name]
    if file.suffix == ".html":  # the map of a flow, beside the page of the same name
        return f"maps/{file.name}"
    return name.removeprefix("docs/") if name.startswith("docs/") else f"source/{name}.md"


def _showing(file: Path, uri: str, config: MkDocsConfig) -> File:
    """A page of what a file says; a map is a page as it is."""
    where = InclusionLevel.NOT_IN_NAV
    if file.suffix == ".html":
        return File.generated(config, uri, abs_src_path=str(file), inclusion=where)
    language = {".py": "python", ".json": "json", ".yaml": "yaml"}.get(file.suffix, "text")
    text = (
        f"# {file.relative_to(ROOT)}\n\n~~~~{language}\n{file.read_text(encoding='utf-8')}\n~~~~\n"
    )
    return File.generated(config, uri, content=text, inclusion=where)
