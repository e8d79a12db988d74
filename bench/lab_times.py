"""Reading reports: time beside the bare OCR engine, memory over fifty pages, and a scan with the network taken away."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from rapidocr import RapidOCR

from bench import lab_reader
from bench.board import Line
from bench.reports import degrade, generate, run
from bench.startup import HELDER
from helder.app import App
from helder.reports.readers.child import Child, Reading
from helder.reports.readers.files import Limits

DIGITAL, SCANS, TIMES = 60, 3, 3
PAGES, SCANNED = 50, 4  # of the long report; scanned ones in the usual run
LANGUAGES = ("en", "nl", "de", "fr", "es", "it")


def lines(app: App, full: bool = False) -> list[Line]:
    return [*_digital(app), *_scanned(app), _memory(full), _cut_off()]


def _spent(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def _digital(app: App) -> list[Line]:
    files = [page.make() for page in islice(run.digital(1, 9000, LANGUAGES), DIGITAL)]

    def spent(read: run.Read) -> list[float]:
        read(*files[0][:2])
        return [_spent(partial(read, data, name)) / pages(truth) for data, name, truth in files]

    def pages(truth: dict[str, Any]) -> int:
        return int(truth["document"]["pages"])

    starts = [_spent(_started) for _ in range(TIMES)]
    with Reading(Limits()) as reading:
        through = spent(lab_reader.kept(app, reading))
    inside = spent(lab_reader.here(app))
    start, median = statistics.median(starts), statistics.median(through)
    slowest = sorted(through)[int(0.95 * len(through))]
    beside = f"in this process {statistics.median(inside):.0f} ms; 95 of 100 under {slowest:.0f} ms"
    return [
        Line("starting the child that reads, gates closed", f"{start:.0f} ms", "≤ 1,000 ms", start <= 1000, ""),
        Line(
            f"a digital page after start, read and judged, median of {DIGITAL} reports",
            f"{median:.0f} ms",
            "≤ 60 ms",
            median <= 60,
            beside,
        ),
    ]


def _started() -> None:
    child = Child(Limits())
    try:
        _ = child.gates
    finally:
        child.close()


def _scanned(app: App) -> list[Line]:
    """The same pictures, in turn: the bare engine without its line turner, and ours to the last sentence."""
    made = [degrade.picture(generate.make(9100 + n, "plain-four", "en")[0], "scan", n) for n in range(SCANS)]
    engine = RapidOCR(params={"Global.use_cls": False, "Global.log_level": "error"})
    ours, theirs = [], []
    with Reading(Limits()) as reading:
        read = lab_reader.kept(app, reading)
        read(made[0], "")
        _bare(engine, made[0])
        for content in made:
            theirs.append(min(_spent(partial(_bare, engine, content)) for _ in range(2)))
            ours.append(min(_spent(partial(read, content, "")) for _ in range(2)))
    ratio = sum(ours) / sum(theirs)
    beside = f"ours {sum(ours) / SCANS / 1000:.2f} s a page, two readers; rapidocr {sum(theirs) / SCANS / 1000:.2f} s"
    title = f"a scanned page after start, beside the OCR engine alone ({SCANS} pictures)"
    return [Line(title, f"{ratio:.2f}×", "≤ 1.2×", ratio <= 1.2, beside)]


def _bare(engine: Callable[[Any], object], content: bytes) -> object:
    return engine(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR))


# --- memory -----------------------------------------------------------------------------------------------

_PEAK = """
import json, resource, sys, time
from pathlib import Path
from helder.reports.readers.child import read
from helder.reports.page import Page
start = time.perf_counter()
pages = sum(isinstance(found.what, Page) for found in read([("", Path(sys.argv[1]).read_bytes())]))
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"pages": pages, "peak": peak, "seconds": time.perf_counter() - start}))
"""


def long_report(pages: int, scanned: int) -> bytes:
    """A PDF of so many pages, so many of them pictures."""
    whole = pypdfium2.PdfDocument.new()
    seed = 9200
    while len(whole) < pages:
        pdf = generate.make(seed, "many-pages", LANGUAGES[seed % len(LANGUAGES)])[0]
        if len(whole) < scanned:
            pdf = degrade.scanned_pdf(pdf, "scan", seed)
        part = pypdfium2.PdfDocument(pdf)
        most = (scanned if len(whole) < scanned else pages) - len(whole)
        whole.import_pages(part, list(range(min(len(part), most))))
        seed += 1
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def _memory(full: bool) -> Line:
    scanned = PAGES if full else SCANNED
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.pdf"
        file.write_bytes(long_report(PAGES, scanned))
        # a small parent: a child begins with what its parent holds
        ran = subprocess.run([sys.executable, "-c", _PEAK, str(file)], check=True, capture_output=True, text=True)
        found = json.loads(ran.stdout)
    title = f"memory of the child over a report of {PAGES} pages, {scanned} of them scans"
    held = found["peak"] <= 900 and found["pages"] == PAGES
    beside = f"{found['pages']} pages in {found['seconds']:.0f} s"
    return Line(title, f"{found['peak']:.0f} MB", "≤ 900 MB", held, beside)


# --- network ----------------------------------------------------------------------------------------------


def _cut_off() -> Line:
    """A scan in a world without network: the same bytes come out."""
    what = "a scan with the network taken away gives the same bytes"
    unshare = shutil.which("unshare")
    without = [unshare, "--map-root-user", "--net"] if unshare else []
    if not unshare or subprocess.run([*without, "true"], check=False, capture_output=True).returncode:
        return Line(what, "not run: this system gives no network namespace (unshare)", "yes", True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scan.pdf"
        pdf, _ = generate.make(9300, "plain-four", "nl")
        file.write_bytes(degrade.scanned_pdf(pdf, "clean_scan", 1))
        scan = [HELDER, "scan", str(file), "--json"]
        usual, cut = (subprocess.run([*before, *scan], check=False, capture_output=True) for before in ([], without))
    rows = len(json.loads(usual.stdout).get("readings", ())) if usual.returncode == 0 else 0
    same = bool(rows) and usual.stdout == cut.stdout
    return Line(what, "yes" if same else "no", "yes", same, f"{rows} rows, {len(usual.stdout):,} bytes")
