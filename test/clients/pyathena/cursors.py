"""PyAthena: its cursors, parameters, types, and how it tells of failures."""
import datetime
import decimal

import boto3
from pyathena import connect
from pyathena.cursor import DictCursor
from pyathena.error import DatabaseError, OperationalError
from pyathena.pandas.cursor import PandasCursor

s3 = boto3.client("s3")
s3.create_bucket(Bucket="pyathena-lake")
s3.put_object(Bucket="pyathena-lake", Key="clicks/dt=2024-01-01/a.json", Body=b'{"Id": 1, "page": "/", "ms": 12.5}\n{"id": 2, "page": null}\n')
s3.put_object(Bucket="pyathena-lake", Key="clicks/dt=2024-01-02/b.json", Body=b'{"id": 3, "page": "/a,b", "ms": 7}\n')

connection = connect(s3_staging_dir="s3://pyathena-lake/results/", schema_name="py", poll_interval=0.05)
cursor = connection.cursor()
cursor.execute("CREATE DATABASE py")
cursor.execute(
    """CREATE EXTERNAL TABLE clicks (id bigint, page string, ms double) PARTITIONED BY (dt string)
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://pyathena-lake/clicks/'"""
)
cursor.execute("MSCK REPAIR TABLE clicks")
cursor.execute("SELECT id, page, ms, dt FROM clicks ORDER BY id")
assert [column[0:2] for column in cursor.description] == [("id", "bigint"), ("page", "varchar"), ("ms", "double"), ("dt", "varchar")], cursor.description
assert cursor.fetchall() == [(1, "/", 12.5, "2024-01-01"), (2, None, None, "2024-01-01"), (3, "/a,b", 7.0, "2024-01-02")]
assert cursor.data_scanned_in_bytes > 0 and cursor.statement_type == "DML"

# Values as Python's own.
cursor.execute(
    """SELECT true, DATE '2024-01-02', TIMESTAMP '2024-01-02 03:04:05.678', DECIMAL '1.50', X'6869', 1E0, ARRAY[1, 2],
    MAP(ARRAY['a'], ARRAY[1]), CAST(ROW(1, 'x') AS ROW(n integer, s varchar)), JSON '{"a": [1]}', CAST(null AS integer)"""
)
row = cursor.fetchone()
assert row[:4] == (True, datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5, 678000), decimal.Decimal("1.50")), row
assert row[4] == b"hi" and row[5] == 1.0 and row[6] == [1, 2] and row[9] == {"a": [1]} and row[10] is None, row

# More rows than a page, and parameters of both kinds.
cursor.execute("SELECT x FROM UNNEST(sequence(1, 2500)) AS t (x) ORDER BY x")
assert [row[0] for row in cursor.fetchall()] == list(range(1, 2501))
cursor.execute("SELECT count(*) FROM clicks WHERE dt = %(day)s", {"day": "2024-01-01"})
assert cursor.fetchone() == (2,)
cursor.execute("SELECT id FROM clicks WHERE page = ?", ["'/a,b'"], paramstyle="qmark")
assert cursor.fetchone() == (3,)

assert connection.cursor(DictCursor).execute("SELECT max(id) AS last FROM clicks").fetchone() == {"last": 3}

frame = connection.cursor(PandasCursor).execute("SELECT id, ms FROM clicks ORDER BY id").as_pandas()
assert frame["id"].tolist() == [1, 2, 3] and frame["ms"].fillna(0).tolist() == [12.5, 0, 7.0], frame

cursor.execute("SHOW PARTITIONS clicks")
assert sorted(cursor.fetchall()) == [("dt=2024-01-01",), ("dt=2024-01-02",)]

for text, error, words in (
    ("SELECT nothing FROM clicks", OperationalError, "COLUMN_NOT_FOUND: line 1:8"),
    ("SELEC 1", DatabaseError, "mismatched input 'SELEC'"),
):
    try:
        cursor.execute(text)
        raise AssertionError(f"{text} did not fail")
    except error as failure:
        assert words in str(failure), failure
