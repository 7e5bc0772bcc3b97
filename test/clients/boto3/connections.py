"""Connections: made, read with and without their password, replaced, filtered, deleted in a batch."""
import boto3

from journey import refused

glue = boto3.client("glue")
PROPERTIES = {"JDBC_CONNECTION_URL": "jdbc:postgresql://db:5432/x", "USERNAME": "u", "PASSWORD": "p"}


def connection(name, **more):
    return {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": PROPERTIES, **more}


network = {"SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-1"], "AvailabilityZone": "us-east-1a"}
given = connection("Boto3-Db", Description="d", MatchCriteria=["x"], PhysicalConnectionRequirements=network)
glue.create_connection(ConnectionInput=given, Tags={"team": "a"})
got = glue.get_connection(Name="Boto3-Db")["Connection"]
assert {name: got[name] for name in given} == given, got
assert got["CreationTime"] and got["LastUpdatedTime"], got
hidden = glue.get_connection(Name="Boto3-Db", HidePassword=True)["Connection"]["ConnectionProperties"]
assert sorted(hidden) == ["JDBC_CONNECTION_URL", "USERNAME"], hidden
arn = "arn:aws:glue:us-east-1:123456789012:connection/Boto3-Db"
assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "a"}
refused("AlreadyExistsException", glue.create_connection, ConnectionInput=connection("Boto3-Db"))
refused("EntityNotFoundException", glue.get_connection, Name="boto3-db")

glue.update_connection(Name="Boto3-Db", ConnectionInput=connection("Boto3-Db", Description="new"))
updated = glue.get_connection(Name="Boto3-Db")["Connection"]
assert updated["Description"] == "new" and "MatchCriteria" not in updated, updated
assert updated["CreationTime"] == got["CreationTime"]
refused("EntityNotFoundException", glue.update_connection, Name="none", ConnectionInput=connection("none"))

for number in range(5):
    kafka = {"Name": f"boto3-kafka-{number}", "ConnectionType": "KAFKA", "ConnectionProperties": {"KAFKA_BOOTSTRAP_SERVERS": "k:9092"}}
    glue.create_connection(ConnectionInput=kafka)
pages = glue.get_paginator("get_connections").paginate(Filter={"ConnectionType": "KAFKA"}, PaginationConfig={"PageSize": 2})
names = [each["Name"] for page in pages for each in page["ConnectionList"]]
assert names == [f"boto3-kafka-{number}" for number in range(5)], names

deleted = glue.batch_delete_connection(ConnectionNameList=[*names, "none"])
assert sorted(deleted["Succeeded"]) == names, deleted
assert deleted["Errors"]["none"]["ErrorCode"] == "EntityNotFoundException", deleted
glue.delete_connection(ConnectionName="Boto3-Db")
refused("EntityNotFoundException", glue.delete_connection, ConnectionName="Boto3-Db")
refused("EntityNotFoundException", glue.get_tags, ResourceArn=arn)
