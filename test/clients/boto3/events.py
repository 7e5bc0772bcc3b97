"""EventBridge as scripts use it: a rule on S3's and Glue's own events, custom events, and what a rule refuses."""
import json

import boto3

from journey import refused, wait_for

events = boto3.client("events")
sqs = boto3.client("sqs")
s3 = boto3.client("s3")
glue = boto3.client("glue")

url = sqs.create_queue(QueueName="py-heard")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def heard():
    messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


pattern = {"source": ["aws.s3", "aws.glue", "py.shop"], "detail": {"$or": [{"bucket": {"name": ["py-events"]}}, {"databaseName": ["py_events"]}, {"price": [{"numeric": [">", 10]}]}]}}
rule = events.put_rule(Name="py-rule", EventPattern=json.dumps(pattern), Tags=[{"Key": "team", "Value": "data"}])
assert events.put_targets(Rule="py-rule", Targets=[{"Id": "queue", "Arn": arn}])["FailedEntryCount"] == 0
assert events.list_tags_for_resource(ResourceARN=rule["RuleArn"])["Tags"] == [{"Key": "team", "Value": "data"}]

s3.create_bucket(Bucket="py-events")
s3.put_bucket_notification_configuration(
    Bucket="py-events", NotificationConfiguration={"EventBridgeConfiguration": {}}
)
s3.put_object(Bucket="py-events", Key="in/a.csv", Body=b"id\n1\n")
[event] = heard()
assert event["detail-type"] == "Object Created" and event["detail"]["object"]["key"] == "in/a.csv", event

glue.create_database(DatabaseInput={"Name": "py_events"})
[event] = heard()
assert event["detail"] == {"databaseName": "py_events", "typeOfChange": "CreateDatabase"}, event

result = events.put_events(
    Entries=[
        {"Source": "py.shop", "DetailType": "Order", "Detail": json.dumps({"price": price})} for price in (5, 50)
    ]
    + [{"Source": "py.shop", "DetailType": "Order", "Detail": "no JSON"}]
)
assert result["FailedEntryCount"] == 1 and result["Entries"][2]["ErrorCode"] == "MalformedDetail", result
[event] = heard()
assert event["detail"] == {"price": 50} and event["id"] == result["Entries"][1]["EventId"], event

sample = {"id": "1", "account": "1", "source": "py.shop", "time": "t", "region": "r", "resources": [], "detail-type": "d", "detail": {"price": 11}}
assert events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(sample))["Result"] is True
message = refused("InvalidEventPatternException", events.put_rule, Name="py-bad", EventPattern='{"source": "x"}')
assert '"source" must be an object or an array' in message, message
assert events.list_rule_names_by_target(TargetArn=arn)["RuleNames"] == ["py-rule"]

bus = events.create_event_bus(Name="py-bus")["EventBusArn"]
names = [each["Name"] for each in events.list_event_buses()["EventBuses"]]
assert "default" in names and "py-bus" in names, names
events.put_rule(Name="py-own", EventBusName=bus, EventPattern='{"source": ["py.own"]}')
events.put_targets(Rule="py-own", EventBusName="py-bus", Targets=[{"Id": "queue", "Arn": arn, "Input": '{"fixed": true}'}])
events.put_events(Entries=[{"Source": "py.own", "DetailType": "x", "Detail": "{}", "EventBusName": "py-bus"}])
assert wait_for(heard, bool) == [{"fixed": True}]

events.remove_targets(Rule="py-own", EventBusName="py-bus", Ids=["queue"])
events.delete_rule(Name="py-own", EventBusName="py-bus")
events.delete_event_bus(Name="py-bus")
events.remove_targets(Rule="py-rule", Ids=["queue"])
events.delete_rule(Name="py-rule")
refused("ResourceNotFoundException", events.describe_rule, Name="py-rule")
