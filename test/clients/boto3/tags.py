"""Tags of everything that has an ARN: set when it is made, added, replaced, removed, gone with it."""
import json

import boto3

from journey import refused

glue, iam = boto3.client("glue"), boto3.client("iam")
trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
iam.create_role(RoleName="Tags", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))

tags = {"team": "a", "stage": "test"}
command = {"Name": "glueetl", "ScriptLocation": "s3://b/script.py"}
targets = {"S3Targets": [{"Path": "s3://b/"}]}
jdbc = {"Name": "boto3-tags", "ConnectionType": "JDBC", "ConnectionProperties": {"JDBC_CONNECTION_URL": "jdbc:x"}}
glue.create_database(DatabaseInput={"Name": "boto3_tags"}, Tags=tags)
glue.create_crawler(Name="boto3-tags", Role="Tags", DatabaseName="boto3_tags", Targets=targets, Tags=tags)
glue.create_job(Name="boto3-tags", Role="Tags", Command=command, Tags=tags)
glue.create_connection(ConnectionInput=jdbc, Tags=tags)

resources = ["database/boto3_tags", "crawler/boto3-tags", "job/boto3-tags", "connection/boto3-tags"]
arns = [f"arn:aws:glue:us-east-1:123456789012:{resource}" for resource in resources]
for arn in arns:
    assert glue.get_tags(ResourceArn=arn)["Tags"] == tags, arn
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"stage": "live", "new": ""})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "a", "stage": "live", "new": ""}, arn
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["new", "none"])
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "a", "stage": "live"}, arn

# Lists by tag.
assert glue.list_crawlers(Tags={"stage": "live"})["CrawlerNames"] == ["boto3-tags"]
assert glue.list_jobs(Tags={"stage": "live"})["JobNames"] == ["boto3-tags"]
assert glue.list_jobs(Tags={"stage": "test"})["JobNames"] == []

# Limits, and things that are not there.
too_many = {f"k{number}": "v" for number in range(51)}
refused("ValidationException", glue.tag_resource, ResourceArn=arns[0], TagsToAdd=too_many)
for number in range(0, 48, 24):
    glue.tag_resource(ResourceArn=arns[0], TagsToAdd={f"k{each}": "v" for each in range(number, number + 24)})
refused("InvalidInputException", glue.tag_resource, ResourceArn=arns[0], TagsToAdd={"one more": "v"})
refused("InvalidInputException", glue.tag_resource, ResourceArn=arns[1], TagsToAdd={"aws:mine": "v"})
refused("EntityNotFoundException", glue.get_tags, ResourceArn=arns[0] + "_none")

glue.delete_database(Name="boto3_tags")
glue.delete_crawler(Name="boto3-tags")
glue.delete_job(JobName="boto3-tags")
glue.delete_connection(ConnectionName="boto3-tags")
for arn in arns:
    refused("EntityNotFoundException", glue.get_tags, ResourceArn=arn)
iam.delete_role(RoleName="Tags")
