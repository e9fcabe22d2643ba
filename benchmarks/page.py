"""The page in Chromium: `python benchmarks/page.py [MAP]`.

How long it takes to open, how long a step of the slider takes until the page is
redrawn (200 steps over the middle half of the heights), and how large the file is, at
2 and at 1 mm.

A page is open when its first whole picture has been painted: slices, glass brain, table
and the words about them, in one frame. Counted from the navigation, in a tab that is
there already. What is not in that picture comes after it, a few ms at a time: the merge
trees below the threshold, the false discovery rate, the curve; "settled" is the main
thread's time until that is done too, 1.2 s later.

Wall time swings with whatever else the machine does; processor time of the page's main
thread is printed beside it, and the best of the openings.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

import nibabel
import numpy as np

import skerry
from skerry.datasets import load_sample_motor_activation_image
from skerry.space.resample import grid_with_resolution, resample

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "maps" / "motor_lips.nii.gz"
N_OPENINGS = 7
N_STEPS = 200
SETTLED_S = 1.2
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

PAINTED = "return performance.getEntriesByName('skerry-painted')[0]?.startTime ?? null"
STEPS = """
const [count, done] = arguments;
const {view, engine} = skerry;
const {highest} = engine.heights("both");
const times = [];
for (let step = 0; step < count; step++) {
  const share = 0.25 + 0.5 * step / count;
  view.state = {...view.state, threshold: highest * share};
  const begun = performance.now();
  view.redraw(["regions"]);
  document.body.offsetHeight; // the table's new layout is part of a step
  times.push(performance.now() - begun);
}
done(times);
"""


def started():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for argument in (*ARGUMENTS, f"--user-data-dir={tempfile.mkdtemp()}"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(600)
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    driver.execute_cdp_cmd("Performance.enable", {})
    return driver


def busy_ms(driver):
    """Processor time of the page's main thread, ms."""
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "ThreadTime")


def opened(driver, address):
    """Open a page; give ms from the navigation until it is painted.

    Then ms of the processor until it is found painted, and until it is settled.
    """
    driver.get("about:blank")
    before = busy_ms(driver)
    driver.get(address)
    while (wall := driver.execute_script(PAINTED)) is None:
        time.sleep(0.01)
    busy = busy_ms(driver) - before
    time.sleep(SETTLED_S)
    return wall, busy, busy_ms(driver) - before


def at_size(statmap, size_mm):
    grid = grid_with_resolution(statmap.grid, size_mm)
    values = resample(np.asarray(statmap.values, dtype=np.float32), statmap.grid, grid)
    return nibabel.Nifti1Image(values.astype(np.float32), grid.affine)


def measure(driver, name, regions):
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        begun = time.perf_counter()
        skerry.make_report(regions).save(page)
        made = time.perf_counter() - begun
        openings = [opened(driver, page.as_uri()) for _ in range(N_OPENINGS)]
        time.sleep(1)
        before = busy_ms(driver)
        steps = driver.execute_async_script(STEPS, N_STEPS)
        step_cpu = (busy_ms(driver) - before) / N_STEPS
        n_voxels = regions.statmap.n_in_mask
        print(f"{name}: {n_voxels} voxels, file {page.stat().st_size / 1e6:.2f} MB", end=", ")
        print(f"made in {made:.2f} s")
        walls, busy, settled = zip(*openings, strict=True)
        print(f"  opens in {median(walls):.0f} ms, at best {min(walls):.0f}", end="")
        print(f" (main thread {median(busy):.0f} ms, at best {min(busy):.0f}", end="; ")
        print(f"settled {median(settled):.0f})")
        print(f"  slider step {median(steps):.1f} ms, at best {min(steps):.1f}", end=", ")
        print(f"at worst {max(steps):.1f} (main thread {step_cpu:.1f} ms)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    default = SHARED if SHARED.is_file() else load_sample_motor_activation_image()
    parser.add_argument("map", nargs="?", default=default)
    parser.add_argument("--sizes", default="2,1", help="voxel sizes in mm")
    asked = parser.parse_args()
    statmap = skerry.load_map(asked.map, kind="z")
    driver = started()
    for size in asked.sizes.split(","):
        as_it_is = np.allclose(statmap.grid.voxel_sizes_mm, float(size))
        image = asked.map if as_it_is else at_size(statmap, float(size))
        measure(driver, f"{size} mm", skerry.find_regions(image, 3.1, kind="z"))
    driver.quit()


if __name__ == "__main__":
    main()
