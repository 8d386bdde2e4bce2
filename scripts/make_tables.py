"""Make the two tables that travel with the package from the originals.

    python scripts/make_tables.py FOLDER

FOLDER holds `cars.json` and `seattle-weather.csv` as the Python package
vega_datasets 0.9.0 ships them. Writes `cars.npz` and `seattle.npz`, numbers only.
"""

import csv
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "src" / "dlbasics" / "datasets"
SHA256 = {
    "cars.json": "f686a53678b21f4231e2f6a5ba7ce5761d9d39204fccdea1caa29fb8c460e319",
    "seattle-weather.csv": (
        "62f0609f787158128aa2bd102967173a4953122dd4f872bf1d502cae1037df0b"
    ),
}
MEASURED = {
    "mpg": "Miles_per_Gallon",
    "cylinders": "Cylinders",
    "displacement": "Displacement",  # cubic inches
    "horsepower": "Horsepower",
    "weight": "Weight_in_lbs",
    "acceleration": "Acceleration",
}
ORIGINS = ["USA", "Europe", "Japan"]


def cars(text):
    """Columns of all 406 cars; NaN where a value is missing, names as numbers."""
    rows = json.loads(text)
    columns = {
        ours: np.array(
            [np.nan if row[theirs] is None else row[theirs] for row in rows], np.float32
        )
        for ours, theirs in MEASURED.items()
    }
    columns["year"] = np.array([int(row["Year"][:4]) for row in rows], np.int16)
    columns["origin"] = np.array([ORIGINS.index(row["Origin"]) for row in rows], "i1")
    names = [row["Name"] for row in rows]
    first = {name: k for k, name in enumerate(dict.fromkeys(names))}
    columns["model"] = np.array([first[name] for name in names], np.int16)
    return columns


def weather(text):
    """Columns of the 1461 days from 2012-01-01 to 2015-12-31."""
    rows = list(csv.DictReader(text.splitlines()))
    days = np.array([row["date"].replace("/", "-") for row in rows], "datetime64[D]")
    if not (np.diff(days).astype(int) == 1).all():
        raise ValueError("expected one row for each day, in order")
    kept = ("precipitation", "temp_max", "temp_min", "wind")
    return {name: np.array([row[name] for row in rows], np.float32) for name in kept}


def main(folder):
    makers = {"cars": ("cars.json", cars), "seattle": ("seattle-weather.csv", weather)}
    for name, (source, make) in makers.items():
        data = (folder / source).read_bytes()
        if (found := hashlib.sha256(data).hexdigest()) != SHA256[source]:
            raise ValueError(f"{source}: SHA-256 {found}, expected {SHA256[source]}")
        path = TARGET / f"{name}.npz"
        np.savez_compressed(path, **make(data.decode("utf-8")))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(path.name, path.stat().st_size, digest)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
