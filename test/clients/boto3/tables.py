"""Tables and their versions: made, read, replaced under the lock of VersionId, archived or not, listed, searched, deleted."""
import boto3

from journey import refused

glue = boto3.client("glue")
DATABASE = "boto3_tables"
glue.create_database(DatabaseInput={"Name": DATABASE})


def table(name, comment="first", **more):
    return {
        "Name": name,
        "StorageDescriptor": {
            "Columns": [
                {"Name": "Id", "Type": "bigint", "Comment": comment, "Parameters": {"k": "v"}},
                {"Name": "what", "Type": "struct<a:int,b:array<string>>"},
            ],
            "Location": "s3://b/t/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde", "Parameters": {"separatorChar": ","}},
            "SortColumns": [{"Column": "Id", "SortOrder": 1}],
        },
        "PartitionKeys": [{"Name": "Year", "Type": "int", "Comment": "of it"}],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "csv"},
        **more,
    }


def get(name):
    return glue.get_table(DatabaseName=DATABASE, Name=name)["Table"]


def update(**more):
    glue.update_table(DatabaseName=DATABASE, **more)


def versions(name, **more):
    return [version["VersionId"] for version in glue.get_table_versions(DatabaseName=DATABASE, TableName=name, **more)["TableVersions"]]


# Made and read back: what was given, and what the service adds.
given = table("Orders", Description="What was ordered", Owner="ana", Retention=7)
glue.create_table(DatabaseName=DATABASE, TableInput=given)
first = get("ORDERS")
assert first["Name"] == "orders" and first["DatabaseName"] == DATABASE and first["CatalogId"] == "123456789012", first
for member in ("Description", "Owner", "Retention", "TableType", "Parameters", "PartitionKeys"):
    assert first[member] == given[member], (member, first[member])
descriptor = first["StorageDescriptor"]
assert {name: descriptor[name] for name in given["StorageDescriptor"]} == given["StorageDescriptor"], descriptor
assert (descriptor["Compressed"], descriptor["NumberOfBuckets"], descriptor["StoredAsSubDirectories"]) == (False, 0, False)
assert first["VersionId"] == "0" and first["CreateTime"] == first["UpdateTime"] and first["CreateTime"].microsecond == 0
assert first["IsRegisteredWithLakeFormation"] is False and first["CreatedBy"].startswith("arn:aws:"), first
message = refused("AlreadyExistsException", glue.create_table, DatabaseName=DATABASE, TableInput=table("orders"))
assert message == "Table already exists.", message
message = refused("EntityNotFoundException", glue.create_table, DatabaseName="none", TableInput=table("t"))
assert message == "Database none not found.", message
message = refused("EntityNotFoundException", glue.get_table, DatabaseName=DATABASE, Name="none")
assert "none" in message, message

# An update replaces everything; VersionId is an optimistic lock; SkipArchive leaves no version behind.
update(TableInput=table("orders", "second"), VersionId="0")
second = get("orders")
assert second["VersionId"] == "1" and "Description" not in second and second["Retention"] == 0, second
assert second["CreateTime"] == first["CreateTime"]
refused("ConcurrentModificationException", glue.update_table, DatabaseName=DATABASE, TableInput=table("orders"), VersionId="0")
assert versions("orders") == ["1", "0"]
update(TableInput=table("orders", "third"), SkipArchive=True, VersionId="1")
assert versions("orders") == ["2", "0"]
update(TableInput=table("orders", "fourth"))
assert versions("orders") == ["3", "2", "0"]
pages = list(glue.get_paginator("get_table_versions").paginate(DatabaseName=DATABASE, TableName="orders", PaginationConfig={"PageSize": 2}))
assert [[version["VersionId"] for version in page["TableVersions"]] for page in pages] == [["3", "2"], ["0"]]


def comment(version):
    return version["Table"]["StorageDescriptor"]["Columns"][0]["Comment"]


one = glue.get_table_version(DatabaseName=DATABASE, TableName="orders", VersionId="0")["TableVersion"]
assert (one["VersionId"], comment(one)) == ("0", "first")
latest = glue.get_table_version(DatabaseName=DATABASE, TableName="orders")["TableVersion"]
assert (latest["VersionId"], comment(latest)) == ("3", "fourth")
message = refused("EntityNotFoundException", glue.get_table_version, DatabaseName=DATABASE, TableName="orders", VersionId="1")
assert message == "Version not found.", message
refused("EntityNotFoundException", glue.get_table_versions, DatabaseName=DATABASE, TableName="none")

glue.delete_table_version(DatabaseName=DATABASE, TableName="orders", VersionId="2")
refused("InvalidInputException", glue.delete_table_version, DatabaseName=DATABASE, TableName="orders", VersionId="3")
errors = glue.batch_delete_table_version(DatabaseName=DATABASE, TableName="orders", VersionIds=["0", "9"])["Errors"]
assert [(error["VersionId"], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [("9", "EntityNotFoundException")]
assert versions("orders") == ["3"]
refused("EntityNotFoundException", glue.update_table, DatabaseName=DATABASE, TableInput=table("none"))

# Lists: in pages, by expression, by attribute.
for number in range(12):
    glue.create_table(DatabaseName=DATABASE, TableInput=table(f"event_{number:02}", TableType="VIRTUAL_VIEW", Description=f"Numbered {number}"))
pages = list(glue.get_paginator("get_tables").paginate(DatabaseName=DATABASE, PaginationConfig={"PageSize": 5}))
assert [len(page["TableList"]) for page in pages] == [5, 5, 3]
names = [each["Name"] for page in pages for each in page["TableList"]]
assert names == [*(f"event_{number:02}" for number in range(12)), "orders"], names


def matching(expression):
    return [each["Name"] for each in glue.get_tables(DatabaseName=DATABASE, Expression=expression)["TableList"]]


assert matching("event_0[0-2]") == ["event_00", "event_01", "event_02"]
assert matching("event_1.*") == ["event_10", "event_11"] == matching("event_1*") == matching("*_1*")
assert matching("orders|event_03") == ["event_03", "orders"]
assert matching("order") == []
attributes = glue.get_tables(DatabaseName=DATABASE, AttributesToGet=["NAME", "TABLE_TYPE"])["TableList"]
assert attributes[0] == {"Name": "event_00", "TableType": "VIRTUAL_VIEW"}, attributes[0]
refused("EntityNotFoundException", glue.get_tables, DatabaseName="none")
refused("InvalidInputException", glue.get_tables, DatabaseName=DATABASE, NextToken="not a token")
refused("ValidationException", glue.get_tables, DatabaseName=DATABASE, MaxResults=101)


# Searches over all databases.
def found(**query):
    return [each["Name"] for each in glue.search_tables(Filters=[{"Key": "DatabaseName", "Value": DATABASE}], **query)["TableList"]]


assert found(SearchText="numbered 1") == ["event_01", "event_10", "event_11"]
assert found(SearchText="ORDERS") == ["orders"]
assert found(SearchText="numbered", MaxResults=3, SortCriteria=[{"FieldName": "Name", "Sort": "DESC"}]) == ["event_11", "event_10", "event_09"]
assert found(SearchText="nothing at all") == []

# Deleted, one by one and in a batch, each for itself.
errors = glue.batch_delete_table(DatabaseName=DATABASE, TablesToDelete=["event_00", "none", "EVENT_01"])["Errors"]
assert [(error["TableName"], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [("none", "EntityNotFoundException")]
refused("ValidationException", glue.batch_delete_table, DatabaseName=DATABASE, TablesToDelete=[f"t{number}" for number in range(101)])
glue.delete_table(DatabaseName=DATABASE, Name="Orders")
refused("EntityNotFoundException", glue.delete_table, DatabaseName=DATABASE, Name="orders")
glue.create_table(DatabaseName=DATABASE, TableInput=table("orders", "anew"))
assert versions("orders") == ["0"]
assert len(glue.get_tables(DatabaseName=DATABASE)["TableList"]) == 11
glue.delete_database(Name=DATABASE)
