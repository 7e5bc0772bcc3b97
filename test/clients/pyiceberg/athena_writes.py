"""Iceberg tables that Athena makes and adds to, read, appended to and altered by pyiceberg."""
import os
import time
from datetime import date, datetime
from decimal import Decimal

import boto3
from pyiceberg.catalog import load_catalog
from pyiceberg.types import IntegerType

BUCKET = "pyiceberg-athena-writes"
s3 = boto3.client("s3")
s3.create_bucket(Bucket=BUCKET)
athena = boto3.client("athena")
catalog = load_catalog(
    "lake",
    type="glue",
    **{"warehouse": f"s3://{BUCKET}/lake", "s3.endpoint": os.environ["AWS_ENDPOINT_URL"], "s3.region": "us-east-1"},
)
catalog.create_namespace("iceberg_write")


def query(text):
    identifier = athena.start_query_execution(
        QueryString=text,
        QueryExecutionContext={"Database": "iceberg_write"},
        ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/results/"},
    )["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]
        if status["State"] == "FAILED":
            return status["StateChangeReason"]
        if status["State"] == "SUCCEEDED":
            break
        time.sleep(0.05)
    rows = athena.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"][1:]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]


# A table of every type that is written, parted by transforms: values, nulls and microseconds.
query(
    f"""CREATE TABLE orders (id bigint, name string, ordered timestamp, day date, price decimal(10,2), small int,
        ratio float, weight double, paid boolean, raw binary, tags array<string>, counts map<string,int>,
        place struct<x:double,label:string>)
    PARTITIONED BY (month(ordered), truncate(3, name), day) LOCATION 's3://{BUCKET}/lake/orders/'
    TBLPROPERTIES ('table_type'='ICEBERG')"""
)
assert query(
    """INSERT INTO orders VALUES
    (1, 'apples', TIMESTAMP '2024-03-05 10:00:00.123456', DATE '2024-03-05', DECIMAL '12.34', 7, REAL '0.5', 2.5e0, true,
     X'00ff', ARRAY['a', NULL], MAP(ARRAY['k'], ARRAY[1]), CAST(ROW(1.5, 'q') AS ROW(x double, label varchar))),
    (2, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"""
) == []
assert (
    query(
        "INSERT INTO orders (name, id, ordered) SELECT 'apricot', 9007199254740993, TIMESTAMP '1969-12-31 23:59:59'"
    )
    == []
)
orders = catalog.load_table("iceberg_write.orders")
rows = {row["id"]: row for row in orders.scan().to_arrow().to_pylist()}
assert rows[1] == {
    "id": 1,
    "name": "apples",
    "ordered": datetime(2024, 3, 5, 10, 0, 0, 123456),
    "day": date(2024, 3, 5),
    "price": Decimal("12.34"),
    "small": 7,
    "ratio": 0.5,
    "weight": 2.5,
    "paid": True,
    "raw": b"\x00\xff",
    "tags": ["a", None],
    "counts": [("k", 1)],
    "place": {"x": 1.5, "label": "q"},
}, rows[1]
assert {name: value for name, value in rows[2].items() if value is not None} == {"id": 2, "name": ""}
assert rows[9007199254740993]["ordered"] == datetime(1969, 12, 31, 23, 59, 59)

# Partitions as the specification has them: months since 1970, three letters, days since 1970.
partitions = [tuple(file.file.partition) for file in orders.scan().plan_files()]
assert sorted(partitions, key=str) == sorted(
    [(650, "app", 19787), (None, "", None), (-1, "apr", None)], key=str
), partitions
assert orders.scan(row_filter="name = 'apples'").to_arrow()["id"].to_pylist() == [1]
assert len(list(orders.scan(row_filter="day = '2024-03-05'").plan_files())) == 1
assert [snapshot.summary.operation.value for snapshot in orders.metadata.snapshots] == ["append", "append"]
assert orders.metadata.snapshots[-1].summary["total-records"] == "3"

# It goes on from there: their new column, then our insert.
with orders.update_schema() as update:
    update.add_column("stars", IntegerType())
assert query("INSERT INTO orders (id, stars) VALUES (5, 4)") == []
orders.refresh()
assert sorted(orders.scan().to_arrow()["id"].to_pylist()) == [1, 2, 5, 9007199254740993]
assert orders.scan(row_filter="stars = 4").to_arrow()["id"].to_pylist() == [5]
assert query("SELECT id, stars FROM orders WHERE stars IS NOT NULL") == [["5", "4"]]
parents = [snapshot.parent_snapshot_id for snapshot in orders.metadata.snapshots]
assert parents == [None] + [snapshot.snapshot_id for snapshot in orders.metadata.snapshots[:-1]], parents
assert [entry.snapshot_id for entry in orders.metadata.snapshot_log] == [s.snapshot_id for s in orders.metadata.snapshots]

# Rows that Athena changes: Iceberg's library leaves out what is gone, in parted and other files, and finds what is new.
query(
    f"""CREATE TABLE stock (id bigint, name string, at timestamp) PARTITIONED BY (name, day(at))
    LOCATION 's3://{BUCKET}/lake/stock/' TBLPROPERTIES ('table_type'='ICEBERG')"""
)
assert query(
    """INSERT INTO stock VALUES (1, 'a', TIMESTAMP '2024-03-05 10:00:00'), (2, 'a', TIMESTAMP '2024-03-05 11:00:00'),
    (3, 'b', TIMESTAMP '2024-03-06 10:00:00'), (4, NULL, NULL)"""
) == []
assert query("DELETE FROM stock WHERE id = 2") == []
assert query("UPDATE stock SET name = 'c' WHERE id IN (3, 4)") == []
assert query(
    """MERGE INTO stock t USING (VALUES (1, 'gone'), (3, 'd'), (5, 'e')) s(id, name) ON t.id = s.id
    WHEN MATCHED AND s.name = 'gone' THEN DELETE WHEN MATCHED THEN UPDATE SET name = s.name
    WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)"""
) == []
stock = catalog.load_table("iceberg_write.stock")
changed = sorted((row["id"], row["name"], row["at"]) for row in stock.scan().to_arrow().to_pylist())
assert changed == [(3, "d", datetime(2024, 3, 6, 10)), (4, "c", None), (5, "e", None)], changed
assert stock.scan(row_filter="name = 'd'").to_arrow()["id"].to_pylist() == [3]
assert stock.scan(row_filter="name = 'a'").to_arrow().num_rows == 0
operations = [snapshot.summary.operation.value for snapshot in stock.metadata.snapshots]
assert operations == ["append", "delete", "overwrite", "overwrite"], operations
first = stock.scan(snapshot_id=stock.metadata.snapshots[0].snapshot_id).to_arrow()
assert sorted(first["id"].to_pylist()) == [1, 2, 3, 4]

# CREATE TABLE AS makes the table and its first snapshot.
assert (
    query(
        f"""CREATE TABLE copied WITH (table_type = 'ICEBERG', is_external = false, location = 's3://{BUCKET}/lake/copied/',
        partitioning = ARRAY['year(ordered)', 'paid']) AS SELECT id, ordered, paid, CAST(7 AS smallint) AS s FROM orders"""
    )
    == []
)
copied = catalog.load_table("iceberg_write.copied")
assert [str(field.field_type) for field in copied.schema().fields] == ["long", "timestamp", "boolean", "int"]
assert sorted(copied.scan().to_arrow()["id"].to_pylist()) == [1, 2, 5, 9007199254740993]
assert copied.scan(row_filter="paid = true").to_arrow()["s"].to_pylist() == [7]

# What is refused leaves the table, and nothing beside it.
before = orders.metadata_location
objects = lambda: s3.list_objects_v2(Bucket=BUCKET, Prefix="lake/orders/")["KeyCount"]
count = objects()
assert "mismatched column types" in query("INSERT INTO orders (id) VALUES ('x')")
assert "Division by zero" in query("INSERT INTO orders (id) SELECT 1 / (id - 5) FROM orders")
assert catalog.load_table("iceberg_write.orders").metadata_location == before
assert objects() == count
query(
    f"""CREATE TABLE hashed (id bigint) PARTITIONED BY (bucket(4, id)) LOCATION 's3://{BUCKET}/lake/hashed/'
    TBLPROPERTIES ('table_type'='ICEBERG')"""
)
assert "id_bucket is made by bucket[4]" in query("INSERT INTO hashed VALUES (1)")
print("ok")
