"""awswrangler's catalog functions: databases, tables of each format, partitions, columns, parameters, searches."""
import awswrangler as wr
import boto3
import pandas as pd

from journey import raises

BUCKET = "awswrangler-catalog"
DATABASE = "wrangler_catalog"
glue, s3 = boto3.client("glue"), boto3.client("s3")
s3.create_bucket(Bucket=BUCKET)


def path(table):
    return f"s3://{BUCKET}/{table}/"


# Databases.
wr.catalog.create_database(DATABASE, description="first")
raises(wr.exceptions.AlreadyExists, wr.catalog.create_database, DATABASE)
wr.catalog.create_database(DATABASE, description="second", exist_ok=True)
databases = wr.catalog.databases(limit=1000).set_index("Database")["Description"]
assert databases[DATABASE] == "second", databases
assert [each["Name"] for each in wr.catalog.get_databases() if each["Name"] == DATABASE] == [DATABASE]

# A table of each format.
columns = {"id": "bigint", "name": "string", "price": "decimal(10,2)", "tags": "array<struct<k:string,v:int>>"}
options = {"database": DATABASE, "columns_types": columns, "partitions_types": {"year": "int", "country": "string"}}
wr.catalog.create_parquet_table(
    table="sales_parquet",
    path=path("sales_parquet"),
    compression="snappy",
    description="What was sold",
    parameters={"owner": "ana"},
    columns_comments={"id": "key", "year": "of the sale"},
    columns_parameters={"id": {"pii": "no"}},
    table_type="EXTERNAL_TABLE",
    **options,
)
wr.catalog.create_csv_table(table="sales_csv", path=path("sales_csv"), sep=";", skip_header_line_count=1, compression="gzip", **options)
wr.catalog.create_json_table(table="sales_json", path=path("sales_json"), **options)
wr.catalog.create_orc_table(table="sales_orc", path=path("sales_orc"), **options)
wr.catalog.create_parquet_table(table="Other Täble", path=path("other"), database=DATABASE, columns_types={"a": "int"})
assert wr.catalog.does_table_exist(DATABASE, "sales_csv") and not wr.catalog.does_table_exist(DATABASE, "none")
assert wr.catalog.does_table_exist(DATABASE, wr.catalog.sanitize_table_name("Other Täble"))

stored = glue.get_table(DatabaseName=DATABASE, Name="sales_csv")["Table"]
serde = stored["StorageDescriptor"]["SerdeInfo"]
assert serde["SerializationLibrary"] == "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", serde
assert serde["Parameters"]["field.delim"] == ";" and stored["Parameters"]["skip.header.line.count"] == "1", stored
assert wr.catalog.get_table_types(DATABASE, "sales_parquet") == {**columns, "year": "int", "country": "string"}
assert wr.catalog.get_table_types(DATABASE, "none") is None
assert wr.catalog.get_table_location(DATABASE, "sales_json") == path("sales_json")
assert wr.catalog.get_table_description(DATABASE, "sales_parquet") == "What was sold"
comments = wr.catalog.get_columns_comments(DATABASE, "sales_parquet")
assert comments["id"] == "key" and comments["year"] == "of the sale" and not comments["name"], comments
assert wr.catalog.get_columns_parameters(DATABASE, "sales_parquet")["id"] == {"pii": "no"}
described = wr.catalog.table(database=DATABASE, table="sales_parquet").set_index("Column Name")
assert described.loc["year", "Partition"] and not described.loc["id", "Partition"], described
assert described.loc["tags", "Type"] == "array<struct<k:string,v:int>>", described

# Parameters are merged or replaced; each is a new version of the table, archived when asked for.
assert wr.catalog.get_table_parameters(DATABASE, "sales_parquet")["owner"] == "ana"
merged = wr.catalog.upsert_table_parameters({"owner": "bo", "tier": "1"}, DATABASE, "sales_parquet", catalog_versioning=True)
assert merged["owner"] == "bo" and merged["tier"] == "1" and merged["classification"] == "parquet", merged
assert wr.catalog.get_table_parameters(DATABASE, "sales_parquet") == merged
assert wr.catalog.get_table_number_of_versions(DATABASE, "sales_parquet") == 2
wr.catalog.upsert_table_parameters({"tier": "2"}, DATABASE, "sales_parquet")
assert wr.catalog.get_table_number_of_versions(DATABASE, "sales_parquet") == 2
versions = [version["VersionId"] for version in wr.catalog.get_table_versions(DATABASE, "sales_parquet")]
assert versions == ["2", "0"], versions
wr.catalog.overwrite_table_parameters({"tier": "3"}, DATABASE, "sales_orc")
assert wr.catalog.get_table_parameters(DATABASE, "sales_orc") == {"tier": "3"}

# Columns come and go.
wr.catalog.add_column(DATABASE, "sales_json", "added", "date", "later")
assert wr.catalog.get_table_types(DATABASE, "sales_json")["added"] == "date"
wr.catalog.delete_column(DATABASE, "sales_json", "tags")
assert list(wr.catalog.get_table_types(DATABASE, "sales_json")) == ["id", "name", "price", "added", "year", "country"]


# Tables by name and by text.
def named(**filters):
    return sorted(each["Name"] for each in wr.catalog.get_tables(database=DATABASE, **filters))


sales = ["sales_csv", "sales_json", "sales_orc", "sales_parquet"]
assert named() == ["other_table", *sales], named()
assert named(name_prefix="sales") == sales
assert named(name_suffix="_json") == ["sales_json"]
assert named(name_contains="les_") == sales
assert named(name_contains="sales_csv") == ["sales_csv"]
assert named(name_prefix="sales", name_suffix="c") == ["sales_orc"]
assert named(name_contains="none") == []
listed = wr.catalog.tables(database=DATABASE, name_prefix="sales").set_index("Table")
assert sorted(listed.index) == sales and listed.loc["sales_csv", "Partitions"] == "year, country", listed
found = [each["Name"] for each in wr.catalog.search_tables("what was sold")]
assert found == ["sales_parquet"], found
assert wr.catalog.tables(search_text="sales_orc", database=DATABASE)["Table"].tolist() == ["sales_orc"]

# Partitions: more than one batch of each call takes.
places = {f"{path('sales_parquet')}year={year}/country={country}/": [str(year), country] for year in range(1900, 2030) for country in ("se", "o'neil")}
wr.catalog.add_parquet_partitions(DATABASE, "sales_parquet", places, compression="snappy", partitions_parameters={"numRows": "1"})
wr.catalog.add_parquet_partitions(DATABASE, "sales_parquet", places)
assert wr.catalog.get_partitions(DATABASE, "sales_parquet") == places
chosen = wr.catalog.get_parquet_partitions(DATABASE, "sales_parquet", expression="year >= 2028 AND country = 'o''neil'")
assert sorted(chosen.values()) == [["2028", "o'neil"], ["2029", "o'neil"]], chosen
partition = glue.get_partition(DatabaseName=DATABASE, TableName="sales_parquet", PartitionValues=["1900", "se"])["Partition"]
assert partition["Parameters"] == {"numRows": "1"}, partition
wr.catalog.delete_partitions("sales_parquet", DATABASE, [[str(year), "se"] for year in range(1900, 1960)])
assert len(wr.catalog.get_partitions(DATABASE, "sales_parquet")) == 200
assert len(wr.catalog.delete_all_partitions("sales_parquet", DATABASE)) == 200
assert wr.catalog.get_partitions(DATABASE, "sales_parquet") == {}
for add, table in ((wr.catalog.add_csv_partitions, "sales_csv"), (wr.catalog.add_json_partitions, "sales_json"), (wr.catalog.add_orc_partitions, "sales_orc")):
    add(DATABASE, table, {f"{path(table)}year=2024/country=se/": ["2024", "se"]})
    assert list(wr.catalog.get_partitions(DATABASE, table).values()) == [["2024", "se"]]
assert list(wr.catalog.get_csv_partitions(DATABASE, "sales_csv").values()) == [["2024", "se"]]

# Names are made fit for the catalog.
frame = pd.DataFrame({"Camel Case": [1], "with-dash": [2], "ünïcode": [3]})
assert list(wr.catalog.sanitize_dataframe_columns_names(frame).columns) == ["camel_case", "with_dash", "unicode"]
assert wr.catalog.sanitize_column_name("MyNewColumn") == "mynewcolumn"

assert wr.catalog.delete_table_if_exists(DATABASE, "sales_orc") is True
assert wr.catalog.delete_table_if_exists(DATABASE, "sales_orc") is False
wr.catalog.delete_database(DATABASE)
raises(glue.exceptions.EntityNotFoundException, wr.catalog.delete_database, DATABASE)
