"""Databases, tables with versions, partitions with filters."""
import boto3

glue = boto3.client("glue")


def table(name, comment="first"):
    return {
        "Name": name,
        "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint", "Comment": comment}], "Location": "s3://b/t/"},
        "PartitionKeys": [{"Name": "year", "Type": "int"}, {"Name": "country", "Type": "string"}],
        "TableType": "EXTERNAL_TABLE",
    }


glue.create_database(DatabaseInput={"Name": "Boto3_Catalog", "Description": "d"})
assert glue.get_database(Name="boto3_catalog")["Database"]["Name"] == "boto3_catalog"
try:
    glue.create_database(DatabaseInput={"Name": "boto3_catalog"})
    raise AssertionError("a second database of the same name")
except glue.exceptions.AlreadyExistsException:
    pass

glue.create_table(DatabaseName="boto3_catalog", TableInput=table("T1"))
got = glue.get_table(DatabaseName="boto3_catalog", Name="t1")["Table"]
assert got["VersionId"] == "0" and got["CatalogId"] == "123456789012", got
glue.update_table(DatabaseName="boto3_catalog", TableInput=table("t1", "second"), VersionId="0")
try:
    glue.update_table(DatabaseName="boto3_catalog", TableInput=table("t1", "third"), VersionId="0")
    raise AssertionError("a stale VersionId was taken")
except glue.exceptions.ConcurrentModificationException:
    pass
versions = glue.get_table_versions(DatabaseName="boto3_catalog", TableName="t1")["TableVersions"]
assert [version["VersionId"] for version in versions] == ["1", "0"]
comments = [version["Table"]["StorageDescriptor"]["Columns"][0]["Comment"] for version in versions]
assert comments == ["second", "first"]

inputs = [{"Values": [str(year), country]} for year in range(2015, 2025) for country in ("de", "fr", "o'neil")]
assert glue.batch_create_partition(DatabaseName="boto3_catalog", TableName="t1", PartitionInputList=inputs)["Errors"] == []
again = glue.batch_create_partition(DatabaseName="boto3_catalog", TableName="t1", PartitionInputList=inputs[:1])["Errors"]
assert again[0]["ErrorDetail"]["ErrorCode"] == "AlreadyExistsException"


def matching(expression, **more):
    pages = glue.get_paginator("get_partitions").paginate(
        DatabaseName="boto3_catalog", TableName="t1", Expression=expression, PaginationConfig={"PageSize": 4}, **more
    )
    return [partition["Values"] for page in pages for partition in page["Partitions"]]


assert len(matching("")) == 30
assert matching("year > 2022 AND country = 'de'") == [["2023", "de"], ["2024", "de"]]
assert matching("country LIKE 'o''%' AND year IN (2015, 2016)") == [["2015", "o'neil"], ["2016", "o'neil"]]
assert len(matching("NOT (year BETWEEN 2016 AND 2024)")) == 3
try:
    matching("year >>> 1")
    raise AssertionError("nonsense was taken as a filter")
except glue.exceptions.InvalidInputException:
    pass

deleted = glue.batch_delete_partition(
    DatabaseName="boto3_catalog", TableName="t1", PartitionsToDelete=[{"Values": ["2015", "de"]}, {"Values": ["1", "x"]}]
)
assert [error["ErrorDetail"]["ErrorCode"] for error in deleted["Errors"]] == ["EntityNotFoundException"]

tables = glue.get_tables(DatabaseName="boto3_catalog", Expression="t.*")["TableList"]
assert [each["Name"] for each in tables] == ["t1"]
glue.delete_database(Name="boto3_catalog")
try:
    glue.get_table(DatabaseName="boto3_catalog", Name="t1")
    raise AssertionError("the table outlived its database")
except glue.exceptions.EntityNotFoundException:
    pass
