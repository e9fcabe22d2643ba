"""Pages opened in the browser, and what a reader sees on them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from skerry.page.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from skerry.page.pack import Packed

PATIENCE_S = 60


def open_page(browser: Any, packed: Packed, fragment: str = "", **facts: Any) -> Any:
    """Open the page of a packed map; wait until it is ready; give its file."""
    size(browser, 1280, 900)
    path = browser.open(Page({**packed.facts, **facts}, packed.blocks).html, fragment)
    wait(browser, "return document.documentElement.dataset.ready === 'yes'")
    rest(browser)
    return path


def size(browser: Any, width: int, height: int) -> None:
    """Give the browser's view a size in CSS pixels."""
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def wait(browser: Any, script: str) -> None:
    """Wait until a script gives something true."""
    until(lambda: browser.driver.execute_script(script), script)


def until(happened: Callable[[], Any], what: str) -> Any:
    """Wait until something is true, and give it."""
    end = time.monotonic() + PATIENCE_S
    while not (found := happened()):
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)
    return found


def rest(browser: Any) -> None:
    """Wait until the page has drawn what was asked and done what can wait."""
    browser.run(
        """
        const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        do { await frame(); } while (skerry.view.changed.size || skerry.view.moving);
        """
    )


def table(browser: Any) -> list[dict[str, str]]:
    """Give the rows of the table as a reader sees them, under the names of their columns."""
    rows: list[dict[str, str]] = browser.run(
        """
        const heads = document.querySelectorAll(".regions thead th");
        const keys = [...heads].map((th) => th.dataset.key);
        return [...document.querySelectorAll(".regions tbody tr:not(.spacer)")].map((row) =>
          Object.fromEntries([...row.children].map((cell, at) => [keys[at], cell.textContent])));
        """
    )
    return rows


def text(browser: Any, identifier: str) -> str:
    """Give the text of an element."""
    found: str = browser.run("return document.getElementById(given[0]).textContent", identifier)
    return found


def type_into(browser: Any, identifier: str, words: str) -> None:
    """Write into a field and press Enter, as a reader does."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    field = browser.driver.find_element(By.ID, identifier)
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(words, Keys.ENTER)
    rest(browser)


def press(browser: Any, *keys: str) -> None:
    """Press keys wherever the focus is."""
    from selenium.webdriver import ActionChains

    for key in keys:
        ActionChains(browser.driver).send_keys(key).perform()
    rest(browser)


def place_on(
    browser: Any, canvas: str, mm: Mapping[int, float] | list[float]
) -> tuple[float, float]:
    """Give where a place in mm is on a picture, from its left upper corner, in CSS pixels."""
    x, y = browser.run(
        """
        const [id, mm] = given;
        const {slices, glass} = skerry.view;
        const picture = [...slices, ...glass].find((one) => one.canvas.id === id);
        return picture.place(mm[picture.plane.across], mm[picture.plane.up]);
        """,
        canvas,
        mm,
    )
    return x, y


def click_on(browser: Any, canvas: str, mm: list[float]) -> None:
    """Click at a place in mm on a picture."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    node = browser.driver.find_element(By.ID, canvas)
    browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", node)
    x, y = place_on(browser, canvas, mm)
    # Selenium counts from the middle.
    wide, high = node.size["width"], node.size["height"]
    ActionChains(browser.driver).move_to_element_with_offset(
        node, round(x - wide / 2), round(y - high / 2)
    ).click().perform()
    rest(browser)
