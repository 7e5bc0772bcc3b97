"""Writes the ORC files beside this one. They were made with pyarrow 25.0.1 (Apache ORC's C++ writer):

    python3 write-files.py
"""

import datetime
import decimal
import pathlib

import pyarrow as pa
import pyarrow.orc as orc

FOLDER = pathlib.Path(__file__).parent

TYPES = pa.schema(
    [
        ("flag", pa.bool_()),
        ("tiny", pa.int8()),
        ("small", pa.int16()),
        ("whole", pa.int32()),
        ("large", pa.int64()),
        ("ratio", pa.float32()),
        ("price", pa.float64()),
        ("note", pa.string()),
        ("raw", pa.binary()),
        ("amount", pa.decimal128(10, 2)),
        ("huge", pa.decimal128(38, 9)),
        ("day", pa.date32()),
        ("at", pa.timestamp("us")),
        ("tags", pa.list_(pa.string())),
        ("counts", pa.map_(pa.string(), pa.int64())),
        ("by_day", pa.map_(pa.int32(), pa.string())),
        ("place", pa.struct([("city", pa.string()), ("spot", pa.struct([("x", pa.int64()), ("y", pa.int64())]))])),
    ]
)

ROWS = [
    {
        "flag": True,
        "tiny": -128,
        "small": -32768,
        "whole": 2147483647,
        "large": 9223372036854775807,
        "ratio": 0.5,
        "price": -1.5e300,
        "note": 'héllo "x"\n',
        "raw": b"\x00\xff",
        "amount": decimal.Decimal("-12345678.90"),
        "huge": decimal.Decimal("-99999999999999999999999999999.123456789"),
        "day": datetime.date(1969, 12, 31),
        "at": datetime.datetime(1969, 12, 31, 23, 59, 59),
        "tags": ["a", None, ""],
        "counts": {"one": 1, "two": None},
        "by_day": {7: "x", -1: "y"},
        "place": {"city": "Oslo", "spot": {"x": 1, "y": None}},
    },
    {
        "flag": False,
        "tiny": 127,
        "small": 32767,
        "whole": -2147483648,
        "large": -9223372036854775808,
        "ratio": float("inf"),
        "price": float("nan"),
        "note": "",
        "raw": b"",
        "amount": decimal.Decimal("0.01"),
        "huge": decimal.Decimal("1e-9"),
        "day": datetime.date(2024, 2, 29),
        "at": datetime.datetime(2024, 2, 29, 12, 30, 15, 123456),
        "tags": [],
        "counts": {},
        "by_day": {},
        "place": {"city": None, "spot": None},
    },
    {},
]

for compression in ["uncompressed", "zlib", "snappy", "lz4", "zstd"]:
    orc.write_table(
        pa.Table.from_pylist(ROWS, schema=TYPES),
        FOLDER / f"types-{compression}.orc",
        compression=compression,
        dictionary_key_size_threshold=0,
    )

# Every kind of run of whole numbers, several stripes, and a dictionary.
N = range(1500)
RUNS = pa.table(
    {
        "n": pa.array(N, pa.int64()),
        "same": pa.array([7 for _ in N], pa.int64()),
        "down": pa.array([n * -3 for n in N], pa.int32()),
        "noise": pa.array([n * 7919 % 2003 * 1234567 - 10**9 for n in N], pa.int64()),
        "spikes": pa.array([n * 31 % 100 if n % 97 else 10**15 + n for n in N], pa.int64()),
        "wide": pa.array([n * 31 % 1009 - 9223372036854775808 if n % 2 else 9223372036854775807 - n * 31 % 1009 for n in N], pa.int64()),
        "steps": pa.array([n * n for n in N], pa.int64()),
        "tiny": pa.array([n % 200 - 100 for n in N], pa.int8()),
        "odd": pa.array([n % 7 == 0 if n % 5 else None for n in N], pa.bool_()),
        "city": pa.array([["Oslo", "Lima", "Perth"][n % 3] if n % 11 else None for n in N], pa.string()),
    }
)

orc.write_table(RUNS, FOLDER / "runs.orc", compression="zlib", dictionary_key_size_threshold=1.0, stripe_size=1)
orc.write_table(
    RUNS, FOLDER / "runs-of-version-1.orc", compression="zlib", file_version="0.11", dictionary_key_size_threshold=1.0
)
