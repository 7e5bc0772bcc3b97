"""Lambda as scripts use it: a function made of a zip file, invoked, logged, changed, deleted."""
import base64
import io
import json
import zipfile

import boto3

from journey import refused

client = boto3.client("lambda")
iam = boto3.client("iam")
logs = boto3.client("logs")
NAME = "py-function"


def zip_of(source):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("app/main.mjs", source)
    return data.getvalue()


SOURCE = """
import { Glue } from '@aws-sdk/client-glue';
const glue = new Glue({});
export const handler = async (event) => {
  if (event.fail) throw new Error('asked for');
  const { DatabaseList } = await glue.getDatabases({});
  console.log('saw', DatabaseList.length, 'databases');
  return { greeting: `${process.env.GREETING} ${event.name}`, databases: DatabaseList.length };
};
"""
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
role = iam.create_role(RoleName="py-function-role", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
settings = {"Role": role, "Handler": "app/main.handler", "Timeout": 20}
refused(
    "InvalidParameterValueException", client.create_function, FunctionName=NAME, Runtime="python3.12", Code={"ZipFile": zip_of(SOURCE)}, **settings
)
client.create_function(
    FunctionName=NAME, Runtime="nodejs20.x", Code={"ZipFile": zip_of(SOURCE)}, Environment={"Variables": {"GREETING": "hello"}}, **settings
)
client.get_waiter("function_active_v2").wait(FunctionName=NAME)

answer = client.invoke(FunctionName=NAME, Payload=json.dumps({"name": "Ada"}), LogType="Tail")
assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST") and "FunctionError" not in answer, answer
payload = json.load(answer["Payload"])
assert payload["greeting"] == "hello Ada", payload
tail = base64.b64decode(answer["LogResult"]).decode()
assert f"saw {payload['databases']} databases" in tail and "REPORT RequestId" in tail, tail
events = logs.filter_log_events(logGroupName=f"/aws/lambda/{NAME}", filterPattern="databases")["events"]
assert len(events) == 1, events

failed = client.invoke(FunctionName=NAME, Payload=json.dumps({"fail": True}))
assert failed["FunctionError"] == "Unhandled", failed
assert json.load(failed["Payload"])["errorMessage"] == "asked for"
assert client.invoke(FunctionName=NAME, InvocationType="Event")["StatusCode"] == 202
assert client.invoke(FunctionName=NAME, InvocationType="DryRun")["StatusCode"] == 204
refused("ResourceNotFoundException", client.invoke, FunctionName="none")
refused("InvalidRequestContentException", client.invoke, FunctionName=NAME, Payload=b"{")

client.update_function_configuration(FunctionName=NAME, Environment={"Variables": {"GREETING": "bye"}})
client.get_waiter("function_updated_v2").wait(FunctionName=NAME)
assert json.load(client.invoke(FunctionName=NAME, Payload='{"name":"Ada"}')["Payload"])["greeting"] == "bye Ada"
assert client.publish_version(FunctionName=NAME)["Version"] == "1"
client.create_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
client.update_function_code(FunctionName=NAME, ZipFile=zip_of("export const handler = async () => 'new';"))
assert json.load(client.invoke(FunctionName=NAME)["Payload"]) == "new"
assert json.load(client.invoke(FunctionName=NAME, Qualifier="live", Payload='{"name":"Ada"}')["Payload"])["greeting"] == "bye Ada"
client.add_permission(FunctionName=NAME, StatementId="events", Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
assert json.loads(client.get_policy(FunctionName=NAME)["Policy"])["Statement"][0]["Sid"] == "events"
arn = client.get_function(FunctionName=NAME)["Configuration"]["FunctionArn"]
client.tag_resource(Resource=arn, Tags={"a": "1", "b": "2"})
client.untag_resource(Resource=arn, TagKeys=["a"])
assert client.list_tags(Resource=arn)["Tags"] == {"b": "2"}
names = [function["FunctionName"] for page in client.get_paginator("list_functions").paginate() for function in page["Functions"]]
assert NAME in names, names
client.delete_function(FunctionName=NAME)
refused("ResourceNotFoundException", client.get_function, FunctionName=NAME)
