"""A headless Chromium for the tests of the page; they skip, and say why, where there is none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
)


class Browser:
    """Chromium, and what a test needs of it.

    Attributes
    ----------
    driver : selenium WebDriver
    folder : Path
        Empty at the start; pages are written here, files are downloaded here.
    """

    def __init__(self, driver: Any, folder: Path) -> None:
        self.driver = driver
        self.folder = folder
        self._n_pages = 0

    def open(self, html: str, fragment: str = "") -> Path:
        """Open the text of a page from a file; give the file."""
        self._n_pages += 1
        path = self.folder / f"page-{self._n_pages}.html"
        path.write_text(html, encoding="utf-8")
        self.driver.get_log("browser")  # what an earlier page said
        self.driver.get(path.as_uri() + fragment)
        return path

    def errors(self) -> list[str]:
        """Give what the console said since the last look: errors, and what the policy forbade."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] == "SEVERE"
        ]

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of an async function in the page and give what it returns."""
        outcome = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async (...given) => {{{script}}})(...Array.from(arguments).slice(0, -1))"
            ".then(value => done({value}), error => done({error: String(error.stack || error)}));",
            *arguments,
        )
        assert "error" not in outcome, outcome["error"]
        return outcome["value"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a `Browser`; one for all tests, which open their own pages."""
    selenium = pytest.importorskip("selenium", reason="selenium is not installed")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    driver_program = shutil.which("chromedriver")
    if program is None or driver_program is None:
        pytest.skip("no Chromium and chromedriver on this machine")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    assert selenium.__version__
    folder = tmp_path_factory.mktemp("browser")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in (*_ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.add_experimental_option(
        "prefs", {"download.default_directory": str(folder), "download.prompt_for_download": False}
    )
    driver = webdriver.Chrome(options=options, service=Service(driver_program))
    driver.set_script_timeout(120)
    yield Browser(driver, folder)
    driver.quit()
