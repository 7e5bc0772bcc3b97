"""User-defined functions of databases: made, read, replaced, listed by pattern over one database or all, deleted."""
import boto3

from journey import refused

glue = boto3.client("glue")
DATABASES = ["boto3_functions_a", "boto3_functions_b"]
for database in DATABASES:
    glue.create_database(DatabaseInput={"Name": database})


def function(name, class_name="com.example.One"):
    return {
        "FunctionName": name,
        "ClassName": class_name,
        "OwnerName": "ana",
        "OwnerType": "USER",
        "ResourceUris": [{"ResourceType": "JAR", "Uri": "s3://b/functions.jar"}],
    }


def named(pattern, **more):
    pages = glue.get_paginator("get_user_defined_functions").paginate(Pattern=pattern, PaginationConfig={"PageSize": 2}, **more)
    return [(each["DatabaseName"], each["FunctionName"]) for page in pages for each in page["UserDefinedFunctions"]]


first, second = DATABASES
for name in ("trino__one__1", "trino__one__2", "trino__two__1", "Other"):
    glue.create_user_defined_function(DatabaseName=first, FunctionInput=function(name))
glue.create_user_defined_function(DatabaseName=second.upper(), FunctionInput=function("trino__one__1"))

of_one = {"DatabaseName": first, "FunctionName": "trino__one__1"}
got = glue.get_user_defined_function(**of_one)["UserDefinedFunction"]
assert {name: got[name] for name in function("")} == function("trino__one__1"), got
assert got["CatalogId"] == "123456789012" and got["DatabaseName"] == first and got["CreateTime"].microsecond == 0, got
refused("AlreadyExistsException", glue.create_user_defined_function, DatabaseName=first, FunctionInput=function("Other"))
refused("EntityNotFoundException", glue.create_user_defined_function, DatabaseName="none", FunctionInput=function("f"))
refused("EntityNotFoundException", glue.get_user_defined_function, DatabaseName=first, FunctionName="none")

replaced = {"FunctionName": "trino__one__1", "ClassName": "com.example.Two"}
glue.update_user_defined_function(FunctionInput=replaced, **of_one)
updated = glue.get_user_defined_function(**of_one)["UserDefinedFunction"]
assert updated["ClassName"] == "com.example.Two" and "OwnerName" not in updated, updated
assert updated["CreateTime"] == got["CreateTime"]

assert len(named(".*", DatabaseName=first)) == 4
assert named("trino__one__.*", DatabaseName=first) == [(first, "trino__one__1"), (first, "trino__one__2")]
everywhere = [entry for entry in named("trino__one__.*") if entry[0] in DATABASES]
assert sorted(everywhere) == [(first, "trino__one__1"), (first, "trino__one__2"), (second, "trino__one__1")], everywhere
assert named("none.*", DatabaseName=first) == []
refused("EntityNotFoundException", glue.get_user_defined_functions, DatabaseName="none", Pattern=".*")

glue.delete_user_defined_function(**of_one)
refused("EntityNotFoundException", glue.delete_user_defined_function, **of_one)
glue.delete_database(Name=second)
glue.create_database(DatabaseInput={"Name": second})
assert named(".*", DatabaseName=second) == []
for database in DATABASES:
    glue.delete_database(Name=database)
