"""DynamoDB with boto3: waiters, the resource interface, batches, pages, conditions, and a crawl of what was written."""
import json
import time
from decimal import Decimal

import boto3

from journey import refused

client, glue, iam = boto3.client("dynamodb"), boto3.client("glue"), boto3.client("iam")
NAME = "py.Orders"
table = boto3.resource("dynamodb").create_table(
    TableName=NAME,
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
    Tags=[{"Key": "team", "Value": "shop"}],
)
started = time.monotonic()
table.wait_until_exists()
assert time.monotonic() - started < 5, "the waiter had to wait"

with table.batch_writer() as batch:
    for n in range(120):
        batch.put_item(Item={"id": "a", "n": n, "price": Decimal("1.5"), "raw": b"\x00\xff", "tags": {"x", "y"}, "none": None})
assert client.describe_table(TableName=NAME)["Table"]["ItemCount"] == 120
item = table.get_item(Key={"id": "a", "n": 7})["Item"]
assert item["price"] == Decimal("1.5") and item["raw"].value == b"\x00\xff" and item["tags"] == {"x", "y"} and item["none"] is None

pages = client.get_paginator("query").paginate(
    TableName=NAME,
    KeyConditionExpression="id = :id AND n >= :n",
    ExpressionAttributeValues={":id": {"S": "a"}, ":n": {"N": "20"}},
    PaginationConfig={"PageSize": 30},
)
assert [int(found["n"]["N"]) for page in pages for found in page["Items"]] == list(range(20, 120))
refused(
    "ConditionalCheckFailedException",
    table.put_item,
    Item={"id": "a", "n": 7},
    ConditionExpression="attribute_not_exists(id)",
)
refused("ResourceInUseException", client.create_table, TableName=NAME, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
refused("ResourceNotFoundException", client.describe_table, TableName="nowhere")
assert NAME in [name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]]
arn = client.describe_table(TableName=NAME)["Table"]["TableArn"]
assert client.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "shop"}]
assert client.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"

trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
iam.create_role(RoleName="DynamoCrawler", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
for policy in ("service-role/AWSGlueServiceRole", "AmazonDynamoDBReadOnlyAccess"):
    iam.attach_role_policy(RoleName="DynamoCrawler", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
glue.create_crawler(
    Name="py-dynamodb",
    Role="DynamoCrawler",
    DatabaseName="py_dynamodb",
    Targets={"DynamoDBTargets": [{"Path": NAME, "scanAll": True, "scanRate": 0.5}]},
)
glue.start_crawler(Name="py-dynamodb")
while glue.get_crawler(Name="py-dynamodb")["Crawler"]["State"] != "READY":
    time.sleep(0.1)
found = glue.get_table(DatabaseName="py_dynamodb", Name="py_orders")["Table"]
assert {column["Name"]: column["Type"] for column in found["StorageDescriptor"]["Columns"]} == {
    "id": "string", "n": "bigint", "none": "string", "price": "double", "raw": "binary", "tags": "array<string>",
}
assert found["Parameters"]["recordCount"] == "120" and found["Parameters"]["rangeKey"] == "n"

table.delete()
table.wait_until_not_exists()
