"""Take the pictures of the page in docs/pictures/, with Chromium, of the motor map.

    python tools/picture_page.py                          # the embedded map
    python tools/picture_page.py MAP --kind z --title T   # another one

Writes page-{narrow,medium,wide}-{light,dark}.png, each below 300 kB.
"""

from __future__ import annotations

import argparse
import base64
import io
import shutil
import tempfile
import time
from pathlib import Path

from PIL import Image

import skerry

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZES = {"narrow": (400, 860), "medium": (900, 1280), "wide": (1600, 1000)}
LARGEST = 300_000  # bytes
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
PATIENCE_S = 60


def started():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for argument in (*ARGUMENTS, f"--user-data-dir={tempfile.mkdtemp()}"):
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def picture(driver, address, size, scheme):
    """Give the page as a reader sees it who has just opened it."""
    width, height = size
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    preference = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [preference]})
    driver.get("about:blank")
    driver.get(address)
    end = time.monotonic() + PATIENCE_S
    drawn = "return window.skerry?.view.moving === false && Boolean(skerry.view.curve.curve)"
    while not driver.execute_script(drawn):
        assert time.monotonic() < end, "the page did not open"
        time.sleep(0.1)
    time.sleep(0.3)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    return Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")


def save(image, path):
    """Write as many colours as the size allows."""
    for n_colors in (256, 128, 64):
        image.quantize(n_colors, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LARGEST:
            break
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def report_of(map_, kind, title, threshold):
    if map_ is None:
        from skerry.datasets import load_sample_motor_activation_image

        map_ = load_sample_motor_activation_image()
    regions = skerry.find_regions(map_, threshold, kind=kind)
    return skerry.make_report(regions, title=title, atlas=("schaefer200",))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", nargs="?")
    parser.add_argument("--kind", default="z")
    parser.add_argument("--title", default="Left against right button press")
    parser.add_argument("--threshold", default="3.1")
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    driver = started()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        report_of(asked.map, asked.kind, asked.title, asked.threshold).save(page)
        for name, size in SIZES.items():
            for scheme in ("light", "dark"):
                image = picture(driver, page.as_uri(), size, scheme)
                save(image, asked.out / f"page-{name}-{scheme}.png")
    driver.quit()


if __name__ == "__main__":
    main()
