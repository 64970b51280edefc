"""Time the evidence explorer in Chromium, with today's data and with ten times as much.

Run `python benchmarks/explorer.py` after `make paper` (CHROMIUM_PATH names the browser, where it is
not on the PATH). For each size it prints the median time from opening a filtered address to the
first result on screen, from choosing a filter to the result, and from typing a word to the result
(without the pause in which the page waits for more letters), and the ratio of the sizes.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser.study import load_study  # noqa: E402, since the tests are no installed package

# Milliseconds from the start of the navigation until the frame with the first result is drawn.
OPENED = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() =>
    done(performance.now()))))"""
# Milliseconds until the frame after a change is drawn; `act` makes the change.
ACTED = """([id, value, event]) => new Promise((done) => {
    const field = document.getElementById(id);
    const status = document.querySelector("[role=status]");
    const before = status.textContent;
    field.value = value;
    const start = performance.now();
    new MutationObserver((_, seen) => {
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => done([performance.now() - start, before,
            status.textContent])));
    }).observe(status, { childList: true, characterData: true, subtree: true });
    field.dispatchEvent(new Event(event, { bubbles: true }));
})"""


def measure(browser: Browser, page_file: Path, construct: str, word: str) -> dict[str, float]:
    """Milliseconds of each step, in a fresh profile."""
    page = browser.new_page()
    page.goto(f"{page_file.as_uri()}#find?construct={construct}&score=present&show=statements")
    opened = page.evaluate(OPENED)
    page.wait_for_selector(".boxes .statement")
    chosen, *_ = page.evaluate(ACTED, ["score", "absent", "change"])
    waited, *_ = page.evaluate(ACTED, ["q", word, "input"])
    page.close()
    return {"open": opened, "choose": chosen, "type": waited - 120}


def main():
    """Make a page per size, measure it several times, print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=10, help="how much larger the large one is")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    program = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    study = load_study(ROOT)
    construct = study.codebook.codes[0]
    word = study.tables["statements"]["statement"].iloc[0].split()[-1].strip(".,")
    results = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        for times in (1, options.times):
            larger = study.times(times)
            file = Path(folder, f"evidence-{times}.html")
            start = time.perf_counter()
            file.write_text(larger.page(), encoding="utf-8")
            made = time.perf_counter() - start
            runs = [measure(browser, file, construct, word) for _ in range(options.runs)]
            results[times] = {
                step: statistics.median(run[step] for run in runs) for step in runs[0]
            }
            print(
                f"{len(larger.tables['cases']):,} cases, "
                f"{len(larger.tables['statements']):,} statements, "
                f"{file.stat().st_size / 1e6:.1f} MB, made in {made:.1f} s: "
                + ", ".join(f"{step} {ms:.0f} ms" for step, ms in results[times].items())
            )
        browser.close()
    ratios = {step: results[options.times][step] / results[1][step] for step in results[1]}
    print("ratio: " + ", ".join(f"{step} {ratio:.1f}" for step, ratio in ratios.items()))


if __name__ == "__main__":
    main()
