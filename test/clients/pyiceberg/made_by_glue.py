"""An Iceberg table that Glue itself made, by CreateTable's open table format: PyIceberg loads it, writes to it, evolves it."""
import os

import boto3
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.types import LongType, StringType, TimestampType

from journey import refused

BUCKET = "pyiceberg-made-by-glue"
DATABASE = "iceberg_by_glue"
glue, s3 = boto3.client("glue"), boto3.client("s3")
s3.create_bucket(Bucket=BUCKET)
glue.create_database(DatabaseInput={"Name": DATABASE})
catalog = load_catalog("lake", **{"type": "glue", "s3.endpoint": os.environ["AWS_ENDPOINT_URL"], "s3.region": "us-east-1"})

columns = {"id": "bigint", "name": "string", "at": "timestamp", "price": "decimal(10,2)", "tags": "array<string>"}
glue.create_table(
    DatabaseName=DATABASE,
    TableInput={
        "Name": "events",
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {
            "Location": f"s3://{BUCKET}/events",
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
        },
    },
    OpenTableFormatInput={"IcebergInput": {"MetadataOperation": "CREATE", "Version": "2"}},
)
made = glue.get_table(DatabaseName=DATABASE, Name="events")["Table"]
assert made["Parameters"]["table_type"] == "ICEBERG", made["Parameters"]
assert made["Parameters"]["metadata_location"].startswith(f"s3://{BUCKET}/events/metadata/"), made["Parameters"]

events = catalog.load_table(f"{DATABASE}.events")
assert events.metadata.format_version == 2 and events.location() == f"s3://{BUCKET}/events", events.metadata
assert [field.name for field in events.schema().fields] == list(columns), events.schema()
assert events.schema().find_type("id") == LongType() and events.schema().find_type("name") == StringType()
assert events.schema().find_type("at") == TimestampType(), events.schema()
assert events.scan().to_arrow().num_rows == 0

rows = pa.Table.from_pylist([{"id": 1, "name": "a", "tags": ["x", "y"]}, {"id": 2, "name": "b"}], schema=events.schema().as_arrow())
events.append(rows)
with events.update_schema() as update:
    update.add_column("more", StringType())
events = catalog.load_table(f"{DATABASE}.events")
assert sorted(row["id"] for row in events.scan().to_arrow().to_pylist()) == [1, 2]
stored = glue.get_table(DatabaseName=DATABASE, Name="events")["Table"]
assert stored["Parameters"]["previous_metadata_location"] != stored["Parameters"]["metadata_location"] == events.metadata_location
assert [column["Name"] for column in stored["StorageDescriptor"]["Columns"]] == [*columns, "more"], stored

refused(
    "AlreadyExistsException",
    glue.create_table,
    DatabaseName=DATABASE,
    TableInput={"Name": "events", "StorageDescriptor": {"Location": f"s3://{BUCKET}/other", "Columns": [{"Name": "id", "Type": "int"}]}},
    OpenTableFormatInput={"IcebergInput": {"MetadataOperation": "CREATE"}},
)
catalog.purge_table(f"{DATABASE}.events")
catalog.drop_namespace(DATABASE)
