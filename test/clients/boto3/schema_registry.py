"""Registries, schemas of each format, versions under their compatibility modes, metadata, diffs."""
import json

import boto3

glue = boto3.client("glue")


def avro(*fields):
    return json.dumps({"type": "record", "name": "Order", "fields": list(fields)})


number = {"name": "number", "type": "int"}
note = {"name": "note", "type": ["null", "string"], "default": None}

registry = glue.create_registry(RegistryName="boto3-registry", Description="d", Tags={"team": "data"})
assert registry["RegistryArn"].endswith(":registry/boto3-registry") and registry["Tags"] == {"team": "data"}, registry
try:
    glue.create_registry(RegistryName="boto3-registry")
    raise AssertionError("a second registry of the same name")
except glue.exceptions.AlreadyExistsException as error:
    assert error.response["Error"]["Message"] == "Registry already exists. RegistryName: boto3-registry"

registry_id = {"RegistryName": "boto3-registry"}
orders = {"RegistryName": "boto3-registry", "SchemaName": "orders"}
created = glue.create_schema(
    RegistryId=registry_id, SchemaName="orders", DataFormat="AVRO", Compatibility="BACKWARD", SchemaDefinition=avro(number)
)
assert created["SchemaVersionStatus"] == "AVAILABLE" and created["NextSchemaVersion"] == 2, created
assert glue.get_tags(ResourceArn=registry["RegistryArn"])["Tags"] == {"team": "data"}


def register(definition, schema_id=orders):
    answer = glue.register_schema_version(SchemaId=schema_id, SchemaDefinition=definition)
    return answer["VersionNumber"], answer["Status"]


assert register(json.dumps(json.loads(avro(number)), indent=2)) == (1, "AVAILABLE")
assert register(avro(number, note)) == (2, "AVAILABLE")
assert register(avro({"name": "number", "type": "string"})) == (3, "FAILURE")
latest = glue.get_schema_version(SchemaId=orders, SchemaVersionNumber={"LatestVersion": True})
assert latest["VersionNumber"] == 2 and latest["SchemaDefinition"] == avro(number, note), latest
pages = glue.get_paginator("list_schema_versions").paginate(SchemaId=orders, PaginationConfig={"PageSize": 2})
assert [version["VersionNumber"] for page in pages for version in page["Schemas"]] == [2, 1, 3]
by_definition = glue.get_schema_by_definition(SchemaId=orders, SchemaDefinition=avro(number, note))
assert by_definition["SchemaVersionId"] == latest["SchemaVersionId"], by_definition
try:
    glue.get_schema_by_definition(SchemaId=orders, SchemaDefinition=avro())
    raise AssertionError("a definition that is not there was found")
except glue.exceptions.EntityNotFoundException as error:
    assert "Schema version is not found." in str(error)

diff = glue.get_schema_versions_diff(
    SchemaId=orders,
    FirstSchemaVersionNumber={"VersionNumber": 1},
    SecondSchemaVersionNumber={"VersionNumber": 2},
    SchemaDiffType="SYNTAX_DIFF",
)["Diff"]
assert json.loads(diff) == [{"op": "add", "path": "/fields/1", "value": note}], diff

version_id = latest["SchemaVersionId"]
for value in ("one", "two"):
    pair = {"MetadataKey": "owner", "MetadataValue": value}
    glue.put_schema_version_metadata(SchemaVersionId=version_id, MetadataKeyValue=pair)
owner = glue.query_schema_version_metadata(SchemaVersionId=version_id)["MetadataInfoMap"]["owner"]
assert owner["MetadataValue"] == "two" and owner["OtherMetadataValueList"][0]["MetadataValue"] == "one", owner
glue.remove_schema_version_metadata(SchemaVersionId=version_id, MetadataKeyValue=pair)

glue.update_schema(SchemaId=orders, Compatibility="DISABLED", SchemaVersionNumber={"LatestVersion": True})
assert glue.get_schema(SchemaId=orders)["SchemaCheckpoint"] == 2
try:
    register(avro())
    raise AssertionError("a version under DISABLED")
except glue.exceptions.InvalidInputException as error:
    assert "Compatibility DISABLED does not allow versioning." in str(error)
missing = glue.delete_schema_versions(SchemaId=orders, Versions="3-4")["SchemaVersionErrors"]
assert [(each["VersionNumber"], each["ErrorDetails"]["ErrorCode"]) for each in missing] == [(4, "ResourceNotFoundException")]

closed = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
wider = {**closed, "properties": {**closed["properties"], "b": {"type": "integer"}}}
proto = 'syntax = "proto3"; message Order { string number = 1; }'
for data_format, first, fits, breaks in (
    ("JSON", json.dumps(closed), json.dumps(wider), json.dumps({**wider, "required": ["a"]})),
    ("PROTOBUF", proto, proto.replace("}", "int32 count = 2; }"), proto.replace("string", "int32")),
):
    # No registry named: the default one.
    glue.create_schema(SchemaName=data_format, DataFormat=data_format, Compatibility="BACKWARD", SchemaDefinition=first)
    schema_id = {"RegistryName": "default-registry", "SchemaName": data_format}
    assert register(fits, schema_id) == (2, "AVAILABLE")
    assert register(breaks, schema_id) == (3, "FAILURE")
    assert glue.check_schema_version_validity(DataFormat=data_format, SchemaDefinition=fits)["Valid"] is True
    assert glue.check_schema_version_validity(DataFormat=data_format, SchemaDefinition="not a schema")["Valid"] is False
try:
    glue.create_schema(SchemaName="bad", DataFormat="AVRO", Compatibility="NONE", SchemaDefinition='{"type": "nothing"}')
    raise AssertionError("nonsense was taken as a definition")
except glue.exceptions.InvalidInputException as error:
    assert "Schema definition of AVRO data format is invalid" in str(error)

assert {each["SchemaName"] for each in glue.list_schemas()["Schemas"]} == {"orders", "JSON", "PROTOBUF"}
assert glue.delete_schema(SchemaId=orders)["Status"] == "DELETING"
assert glue.delete_registry(RegistryId=registry_id)["Status"] == "DELETING"
assert glue.delete_registry(RegistryId={"RegistryName": "default-registry"})["Status"] == "DELETING"
assert glue.list_registries()["Registries"] == []
try:
    glue.get_registry(RegistryId=registry_id)
    raise AssertionError("the registry outlived its deletion")
except glue.exceptions.EntityNotFoundException:
    pass
