"""Iceberg tables in the Data Catalog: created, appended to, read, evolved, renamed, dropped; their files in S3."""
import os

import boto3
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import (
    NamespaceAlreadyExistsError,
    NamespaceNotEmptyError,
    NoSuchNamespaceError,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.expressions import EqualTo, GreaterThan
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import DoubleType, IntegerType, LongType, NestedField, StringType, TimestampType

from journey import raises

BUCKET = "pyiceberg-tables"
glue, s3 = boto3.client("glue"), boto3.client("s3")
s3.create_bucket(Bucket=BUCKET)
places = {"warehouse": f"s3://{BUCKET}/warehouse", "s3.endpoint": os.environ["AWS_ENDPOINT_URL"], "s3.region": "us-east-1"}
catalog = load_catalog("lake", type="glue", **places)

# Namespaces are databases.
catalog.create_namespace("iceberg_sales", {"owner": "ana", "location": f"s3://{BUCKET}/sales"})
raises(NamespaceAlreadyExistsError, catalog.create_namespace, "iceberg_sales")
assert ("iceberg_sales",) in catalog.list_namespaces()
assert catalog.load_namespace_properties("iceberg_sales") == {"owner": "ana", "location": f"s3://{BUCKET}/sales"}
changes = catalog.update_namespace_properties("iceberg_sales", removals={"owner"}, updates={"team": "a"})
assert (changes.removed, changes.updated) == (["owner"], ["team"]), changes
assert catalog.load_namespace_properties("iceberg_sales") == {"location": f"s3://{BUCKET}/sales", "team": "a"}
raises(NoSuchNamespaceError, catalog.load_namespace_properties, "nowhere")

# A partitioned table.
schema = Schema(
    NestedField(1, "id", IntegerType(), required=False, doc="key"),
    NestedField(2, "country", StringType(), required=False),
    NestedField(3, "amount", DoubleType(), required=False),
)
spec = PartitionSpec(PartitionField(2, 1000, IdentityTransform(), "country"))
orders = catalog.create_table("iceberg_sales.orders", schema, partition_spec=spec, properties={"purpose": "test"})
raises(TableAlreadyExistsError, catalog.create_table, "iceberg_sales.orders", schema)
raises(NoSuchNamespaceError, catalog.create_table, "nowhere.orders", schema)
assert orders.location() == f"s3://{BUCKET}/sales/orders", orders.location()
assert catalog.table_exists("iceberg_sales.orders") and not catalog.table_exists("iceberg_sales.none")
in_glue = glue.get_table(DatabaseName="iceberg_sales", Name="orders")["Table"]
assert in_glue["TableType"] == "EXTERNAL_TABLE" and in_glue["Parameters"]["table_type"] == "ICEBERG", in_glue
assert in_glue["Parameters"]["metadata_location"] == orders.metadata_location
columns = in_glue["StorageDescriptor"]["Columns"]
assert [(column["Name"], column["Type"]) for column in columns] == [("id", "int"), ("country", "string"), ("amount", "double")]
assert columns[0]["Comment"] == "key" and columns[0]["Parameters"]["iceberg.field.id"] == "1", columns[0]


def rows(**columns):
    arrow_schema = pa.schema([("id", pa.int32()), ("country", pa.string()), ("amount", pa.float64())])
    return pa.table(columns, schema=arrow_schema)


orders.append(rows(id=[1, 2], country=["se", "no"], amount=[1.5, 2.5]))
orders.append(rows(id=[3], country=["se"], amount=[3.5]))
fresh = catalog.load_table("iceberg_sales.orders")
assert sorted(fresh.scan().to_arrow()["id"].to_pylist()) == [1, 2, 3]
assert sorted(fresh.scan(row_filter=EqualTo("country", "se")).to_arrow()["id"].to_pylist()) == [1, 3]
first_snapshot = fresh.history()[0].snapshot_id
assert sorted(fresh.scan(snapshot_id=first_snapshot).to_arrow()["id"].to_pylist()) == [1, 2]
paths = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET, Prefix="sales/orders/data/")["Contents"]]
assert sum("country=se" in path for path in paths) == 2 and sum("country=no" in path for path in paths) == 1, paths

# The schema evolves: rows written before read as the new schema has them.
with fresh.update_schema() as update:
    update.add_column("at", TimestampType(), doc="when")
    update.rename_column("amount", "price")
    update.update_column("id", field_type=LongType())
columns = glue.get_table(DatabaseName="iceberg_sales", Name="orders")["Table"]["StorageDescriptor"]["Columns"]
current = {column["Name"]: column["Type"] for column in columns if column["Parameters"]["iceberg.field.current"] == "true"}
assert current == {"id": "bigint", "country": "string", "price": "double", "at": "timestamp"}, columns
fresh = catalog.load_table("iceberg_sales.orders")
assert [field.name for field in fresh.schema().fields] == ["id", "country", "price", "at"]
read = fresh.scan(row_filter=GreaterThan("price", 2.0)).to_arrow().sort_by("id").to_pylist()
assert read == [
    {"id": 2, "country": "no", "price": 2.5, "at": None},
    {"id": 3, "country": "se", "price": 3.5, "at": None},
], read
fresh.delete(EqualTo("id", 3))
assert sorted(catalog.load_table("iceberg_sales.orders").scan().to_arrow()["id"].to_pylist()) == [1, 2]
fresh.overwrite(fresh.scan().to_arrow().slice(0, 1))
assert catalog.load_table("iceberg_sales.orders").scan().count() == 1
with fresh.transaction() as transaction:
    transaction.set_properties(purpose="still a test", extra="1")
    transaction.remove_properties("extra")
assert catalog.load_table("iceberg_sales.orders").properties["purpose"] == "still a test"

# Each commit is a version of the table; the old ones are kept unless the catalog skips the archive, as it does by default.
assert in_glue["VersionId"] == "0"
versions = glue.get_table_versions(DatabaseName="iceberg_sales", TableName="orders")["TableVersions"]
assert len(versions) == 1 and versions[0]["VersionId"] == "6", [version["VersionId"] for version in versions]

# A table is renamed by creating it anew and deleting the old one.
renamed = catalog.rename_table("iceberg_sales.orders", "iceberg_sales.sales_orders")
assert renamed.metadata_location == fresh.metadata_location
raises(NoSuchTableError, catalog.load_table, "iceberg_sales.orders")
assert catalog.load_table("iceberg_sales.sales_orders").scan().count() == 1
catalog.register_table("iceberg_sales.registered", renamed.metadata_location)

# A table that is not Iceberg's stands beside them and is not listed.
glue.create_table(DatabaseName="iceberg_sales", TableInput={"Name": "plain", "Parameters": {"classification": "csv"}})
assert sorted(catalog.list_tables("iceberg_sales")) == [("iceberg_sales", "registered"), ("iceberg_sales", "sales_orders")]
raises(NamespaceNotEmptyError, catalog.drop_namespace, "iceberg_sales")

catalog.drop_table("iceberg_sales.registered")
raises(NoSuchTableError, catalog.drop_table, "iceberg_sales.registered")
catalog.purge_table("iceberg_sales.sales_orders")
assert catalog.list_tables("iceberg_sales") == []
left = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET, Prefix="sales/orders/data/").get("Contents", [])]
assert not [key for key in left if key.endswith(".parquet")], left
glue.delete_table(DatabaseName="iceberg_sales", Name="plain")
catalog.drop_namespace("iceberg_sales")
raises(NoSuchNamespaceError, catalog.list_tables, "iceberg_sales")
