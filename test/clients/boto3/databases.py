"""Databases: made, read, replaced, listed in pages, tagged, deleted with all that is theirs."""
import datetime

import boto3

from journey import refused

glue = boto3.client("glue")
ACCOUNT = "123456789012"

tags = {"team": "a"}
location = {"Description": "d", "LocationUri": "s3://b/", "Parameters": {"k": "v"}}
glue.create_database(DatabaseInput={"Name": "Boto3_Databases", **location}, Tags=tags)
got = glue.get_database(Name="boto3_DATABASES")["Database"]
assert got["Name"] == "boto3_databases" and got["CatalogId"] == ACCOUNT, got
assert {name: got[name] for name in location} == location, got
assert got["CreateTime"].microsecond == 0 and got["CreateTime"] <= datetime.datetime.now(datetime.timezone.utc)
assert got["CreateTableDefaultPermissions"] == [
    {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
]
arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/boto3_databases"
assert glue.get_tags(ResourceArn=arn)["Tags"] == tags
message = refused("AlreadyExistsException", glue.create_database, DatabaseInput={"Name": "BOTO3_databases"})
assert message == "Database already exists.", message
assert glue.get_database(CatalogId=ACCOUNT, Name="boto3_databases")["Database"] == got
refused("EntityNotFoundException", glue.get_database, CatalogId="999999999999", Name="boto3_databases")

# An update replaces the definition, and keeps what the service set.
glue.update_database(Name="boto3_databases", DatabaseInput={"Name": "boto3_databases", "Description": "new"})
updated = glue.get_database(Name="boto3_databases")["Database"]
assert updated["Description"] == "new" and "LocationUri" not in updated and "Parameters" not in updated, updated
assert updated["CreateTime"] == got["CreateTime"]
message = refused("EntityNotFoundException", glue.update_database, Name="none", DatabaseInput={"Name": "none"})
assert message == "Database none not found.", message

# Pages, with what other scripts may have left.
for number in range(25):
    glue.create_database(DatabaseInput={"Name": f"boto3_databases_{number:02}"})
pages = list(glue.get_paginator("get_databases").paginate(PaginationConfig={"PageSize": 10}))
assert all(len(page["DatabaseList"]) <= 10 for page in pages)
names = [database["Name"] for page in pages for database in page["DatabaseList"] if database["Name"].startswith("boto3_databases")]
assert sorted(names) == ["boto3_databases", *(f"boto3_databases_{number:02}" for number in range(25))], names
assert len(set(names)) == len(names)
named = glue.get_databases(AttributesToGet=["NAME"], MaxResults=1)["DatabaseList"]
assert list(named[0]) == ["Name"], named
assert glue.get_databases(ResourceShareType="FOREIGN")["DatabaseList"] == []
refused("InvalidInputException", glue.get_databases, NextToken="not a token")

# A name that cannot be, and the end.
for code, name in (("ValidationException", "x" * 256), ("ValidationException", "")):
    try:
        refused(code, glue.create_database, DatabaseInput={"Name": name})
    except boto3.exceptions.botocore.exceptions.ParamValidationError:
        assert name == "", "only the empty name is refused before it is sent"
glue.create_table(DatabaseName="boto3_databases", TableInput={"Name": "t"})
glue.delete_database(Name="boto3_databases")
message = refused("EntityNotFoundException", glue.get_table, DatabaseName="boto3_databases", Name="t")
assert message == "Database boto3_databases not found.", message
refused("EntityNotFoundException", glue.get_tags, ResourceArn=arn)
refused("EntityNotFoundException", glue.delete_database, Name="boto3_databases")
glue.create_database(DatabaseInput={"Name": "boto3_databases"})
refused("EntityNotFoundException", glue.get_table, DatabaseName="boto3_databases", Name="t")
for name in names:
    glue.delete_database(Name=name)
