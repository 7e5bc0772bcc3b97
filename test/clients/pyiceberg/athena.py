"""Iceberg tables that pyiceberg writes, read by Athena: appended to, evolved, overwritten."""
import os
import time

import boto3
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.types import IntegerType, LongType

BUCKET = "pyiceberg-athena"
boto3.client("s3").create_bucket(Bucket=BUCKET)
athena = boto3.client("athena")
catalog = load_catalog(
    "lake",
    type="glue",
    **{"warehouse": f"s3://{BUCKET}/lake", "s3.endpoint": os.environ["AWS_ENDPOINT_URL"], "s3.region": "us-east-1"},
)
catalog.create_namespace("iceberg_read")


def query(text):
    identifier = athena.start_query_execution(
        QueryString=text,
        QueryExecutionContext={"Database": "iceberg_read"},
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


schema = pa.schema([("id", pa.int32()), ("country", pa.string()), ("place", pa.struct([("x", pa.float64())]))])
orders = catalog.create_table("iceberg_read.orders", schema=schema)
assert query("SELECT * FROM orders") == []
orders.append(pa.table({"id": [1, 2], "country": ["se", "no"], "place": [{"x": 1.5}, None]}, schema=schema))
orders.append(pa.table({"id": [3], "country": ["se"], "place": [{"x": 3.5}]}, schema=schema))
assert query("SELECT id, country, place.x FROM orders ORDER BY id") == [
    ["1", "se", "1.5"],
    ["2", "no", None],
    ["3", "se", "3.5"],
]

# A renamed column is found in old files by its id; a new one is null in them; a wider type takes their values.
with orders.update_schema() as update:
    update.rename_column("country", "land")
with orders.update_schema() as update:
    update.add_column("country", IntegerType())
    update.update_column("id", LongType())
assert query("SELECT id, land, country FROM orders WHERE land = 'no'") == [["2", "no", None]]

# What was overwritten and deleted with whole files is gone.
orders.delete("id = 2")
assert query("SELECT count(*), max(id), count(DISTINCT \"$path\") FROM orders") == [["2", "3", "2"]]
assert query("SELECT a.id FROM orders a JOIN orders b ON a.id = b.id WHERE a.id > 1") == [["3"]]

assert query("INSERT INTO orders VALUES (9, 'dk', null, null)") == []
orders.refresh()
assert sorted(orders.scan().to_arrow()["id"].to_pylist()) == [1, 3, 9]
print("ok")
