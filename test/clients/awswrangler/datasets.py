"""awswrangler writes datasets to S3 and keeps their tables and partitions in the Data Catalog, as their schema evolves."""
import datetime
import decimal

import awswrangler as wr
import boto3
import pandas as pd

from journey import raises

BUCKET = "awswrangler-datasets"
DATABASE = "wrangler_datasets"
glue, s3 = boto3.client("glue"), boto3.client("s3")
s3.create_bucket(Bucket=BUCKET)
wr.catalog.create_database(DATABASE)


def frame(ids, year, **more):
    return pd.DataFrame({"id": ids, "Name": [f"n{number}" for number in ids], "year": year, **more})


def stored(table):
    return glue.get_table(DatabaseName=DATABASE, Name=table)["Table"]


def types(table):
    return wr.catalog.get_table_types(DATABASE, table)


def ids(table, **options):
    return sorted(wr.s3.read_parquet_table(database=DATABASE, table=table, **options)["id"].tolist())


# A dataset of Parquet files: append, overwrite of partitions, overwrite of all.
to = {"path": f"s3://{BUCKET}/sales/", "dataset": True, "database": DATABASE, "table": "sales", "partition_cols": ["year"]}
written = wr.s3.to_parquet(frame([1, 2], [2023, 2024]), mode="append", glue_table_settings={"description": "Sales", "parameters": {"owner": "ana"}}, **to)
assert len(written["paths"]) == 2 and written["partitions_values"][f"s3://{BUCKET}/sales/year=2023/"] == ["2023"], written
assert types("sales") == {"id": "bigint", "name": "string", "year": "bigint"}, types("sales")
table = stored("sales")
assert (table["Parameters"]["classification"], table["Parameters"]["compressionType"]) == ("parquet", "snappy"), table
assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
wr.s3.to_parquet(frame([3], 2024), mode="append", **to)
assert ids("sales") == [1, 2, 3]
assert ids("sales", partition_filter=lambda partition: partition["year"] == "2024") == [2, 3]
wr.s3.to_parquet(frame([4], 2024), mode="overwrite_partitions", **to)
assert ids("sales") == [1, 4]
assert sorted(wr.catalog.get_partitions(DATABASE, "sales").values()) == [["2023"], ["2024"]]
wr.s3.to_parquet(frame([5], 2025), mode="overwrite", **to)
assert ids("sales") == [5]
assert list(wr.catalog.get_partitions(DATABASE, "sales").values()) == [["2025"]]
assert sorted(wr.s3.read_parquet_table(database=DATABASE, table="sales").columns) == ["id", "name", "year"]

# Its schema evolves: a column is added, and each change that is asked for leaves a version behind.
before = int(stored("sales")["VersionId"])
wr.s3.to_parquet(frame([6], 2025, price=decimal.Decimal("1.50")), mode="append", catalog_versioning=True, **to)
assert types("sales")["price"] == "decimal(3,2)", types("sales")
assert int(stored("sales")["VersionId"]) == before + 1
versions = list(wr.catalog.get_table_versions(DATABASE, "sales"))
assert [version["VersionId"] for version in versions] == [str(before + 1), str(before)], versions
columns = [[column["Name"] for column in version["Table"]["StorageDescriptor"]["Columns"]] for version in versions]
assert columns == [["id", "name", "price"], ["id", "name"]], columns
refused = raises(
    wr.exceptions.InvalidArgumentValue,
    wr.s3.to_parquet,
    frame([7], 2025, other=1),
    mode="append",
    schema_evolution=False,
    **to,
)
assert "other" in str(refused), refused
both = wr.s3.read_parquet_table(database=DATABASE, table="sales", validate_schema=False).sort_values("id")
assert both["price"].tolist()[1] == decimal.Decimal("1.50") and pd.isna(both["price"].tolist()[0]), both

# Files that are there already get a table; what is read from them agrees with what is stored.
kinds = pd.DataFrame(
    {
        "id": [1],
        "flag": [True],
        "ratio": [0.5],
        "at": [datetime.datetime(2024, 1, 2, 3, 4, 5)],
        "day": [datetime.date(2024, 1, 2)],
        "raw": [b"\x00\x01"],
        "items": [["a", "b"]],
    }
)
wr.s3.to_parquet(kinds, path=f"s3://{BUCKET}/kinds/day_of=2024-01-02/kinds.parquet")
found, partitions, values = wr.s3.store_parquet_metadata(
    path=f"s3://{BUCKET}/kinds/", database=DATABASE, table="kinds", dataset=True
)
expected = {
    "id": "bigint",
    "flag": "boolean",
    "ratio": "double",
    "at": "timestamp",
    "day": "date",
    "raw": "binary",
    "items": "array<string>",
}
assert found == expected, found
assert partitions == {"day_of": "string"} and values == {f"s3://{BUCKET}/kinds/day_of=2024-01-02/": ["2024-01-02"]}, values
assert types("kinds") == {**expected, "day_of": "string"}, types("kinds")
row = wr.s3.read_parquet_table(database=DATABASE, table="kinds").iloc[0]
assert (row["id"], row["flag"], row["day"], row["raw"], list(row["items"])) == (1, True, datetime.date(2024, 1, 2), b"\x00\x01", ["a", "b"]), row

# CSV and JSON; a projection instead of partitions; buckets.
csv = {"path": f"s3://{BUCKET}/lines/", "dataset": True, "database": DATABASE, "table": "lines", "index": False}
wr.s3.to_csv(frame([1, 2], [2023, 2024]), partition_cols=["year"], mode="append", sep="|", **csv)
assert stored("lines")["StorageDescriptor"]["SerdeInfo"]["Parameters"]["field.delim"] == "|"
assert sorted(wr.catalog.get_csv_partitions(DATABASE, "lines").values()) == [["2023"], ["2024"]]
read = wr.s3.read_csv(f"s3://{BUCKET}/lines/", dataset=True, sep="|", header=None, names=["id", "name"])
assert sorted(read["id"]) == [1, 2] and sorted(read["year"]) == ["2023", "2024"], read
wr.s3.to_json(frame([1], 2024), path=f"s3://{BUCKET}/json/", dataset=True, database=DATABASE, table="docs", orient="records", lines=True, index=False)
assert stored("docs")["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
projection = {"projection_types": {"year": "integer"}, "projection_ranges": {"year": "2020,2030"}}
wr.s3.to_parquet(
    frame([1, 2], 2024),
    path=f"s3://{BUCKET}/projected/",
    dataset=True,
    database=DATABASE,
    table="projected",
    partition_cols=["year"],
    bucketing_info=(["id"], 2),
    glue_table_settings={"regular_partitions": False},
    athena_partition_projection_settings=projection,
)
table = stored("projected")
assert table["Parameters"]["projection.year.range"] == "2020,2030" and table["Parameters"]["projection.enabled"] == "true"
assert (table["StorageDescriptor"]["BucketColumns"], table["StorageDescriptor"]["NumberOfBuckets"]) == (["id"], 2)
assert wr.catalog.get_partitions(DATABASE, "projected") == {}

# Whoever has read a table can read it at the place that the catalog tells.
assert wr.catalog.get_table_location(DATABASE, "sales") == f"s3://{BUCKET}/sales/"
wr.s3.delete_objects(f"s3://{BUCKET}/sales/")
assert wr.s3.list_objects(f"s3://{BUCKET}/sales/") == []
for each in list(wr.catalog.get_tables(database=DATABASE)):
    assert wr.catalog.delete_table_if_exists(DATABASE, each["Name"])
wr.catalog.delete_database(DATABASE)
