"""Log groups, streams and events as scripts read and write them."""
import json
import time

import boto3
from botocore.config import Config

from journey import refused

logs = boto3.client("logs")
GROUP = "/boto3/logs"
now = int(time.time() * 1000)

logs.create_log_group(logGroupName=GROUP)
refused("ResourceAlreadyExistsException", logs.create_log_group, logGroupName=GROUP)
assert [group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix="/boto3/")["logGroups"]] == [GROUP]
for stream in ("one", "two"):
    logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
refused("ResourceAlreadyExistsException", logs.create_log_stream, logGroupName=GROUP, logStreamName="one")
refused("ResourceNotFoundException", logs.create_log_stream, logGroupName="/none", logStreamName="one")

events = [{"timestamp": now + number, "message": f"line {number} {'ERROR' if number % 10 == 0 else 'info'}"} for number in range(25)]
logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=events)
logs.put_log_events(logGroupName=GROUP, logStreamName="two", logEvents=[{"timestamp": now, "message": "other ERROR"}])
refused("ResourceNotFoundException", logs.put_log_events, logGroupName=GROUP, logStreamName="none", logEvents=events[:1])

# Forwards until the token no longer changes.
read, token = [], None
while True:
    more = {"nextToken": token} if token else {}
    page = logs.get_log_events(logGroupName=GROUP, logStreamName="one", startFromHead=True, limit=10, **more)
    read += [event["message"] for event in page["events"]]
    if page["nextForwardToken"] == token:
        break
    token = page["nextForwardToken"]
assert read == [event["message"] for event in events], read
tail = logs.get_log_events(logGroupName=GROUP, logStreamName="one", limit=2)["events"]
assert [event["message"] for event in tail] == [event["message"] for event in events[-2:]], tail

pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, filterPattern="ERROR", PaginationConfig={"PageSize": 2})
found = [(event["logStreamName"], event["message"]) for page in pages for event in page["events"]]
assert sorted(found) == [("one", "line 0 ERROR"), ("one", "line 10 ERROR"), ("one", "line 20 ERROR"), ("two", "other ERROR")], found
streams = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)["logStreams"]
assert [stream["logStreamName"] for stream in streams] == ["one", "two"], streams


def put_json(level, at):
    event = {"timestamp": at, "message": json.dumps({"level": level})}
    logs.put_log_events(logGroupName=GROUP, logStreamName="two", logEvents=[event])


# Follows as `aws logs tail --follow` of the AWS CLI 2 does: page after page, then again from the last event's time on,
# leaving out by their ids those that were there already.
seen, heard, start = set(), [], now
for second in range(3):
    put_json("WARN" if second % 2 == 0 else "INFO", now + 100 + second)
    request = {
        "logGroupName": GROUP,
        "interleaved": True,
        "startTime": start,
        "logStreamNamePrefix": "tw",
        "filterPattern": '{ $.level = "WARN" }',
    }
    while True:
        page = logs.filter_log_events(**request)
        for event in page["events"]:
            if event["eventId"] not in seen:
                heard.append(event["timestamp"] - now)
            seen.add(event["eventId"])
            start = max(start, event["timestamp"])
        if "nextToken" not in page:
            break
        request["nextToken"] = page["nextToken"]
assert heard == [100, 102], heard

# Live tail has a host of its own on AWS; a server at one address is asked without that.
streaming = boto3.client("logs", config=Config(inject_host_prefix=False))
arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"
session = streaming.start_live_tail(logGroupIdentifiers=[arn], logStreamNames=["one"], logEventFilterPattern="live")
for message in session["responseStream"]:
    if "sessionStart" in message:
        live = [{"timestamp": now + 200, "message": text} for text in ("live", "other")]
        logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=live)
    elif results := message["sessionUpdate"]["sessionResults"]:
        assert [(result["message"], result["logGroupIdentifier"]) for result in results] == [("live", arn)], results
        break
session["responseStream"].close()
refused("ResourceNotFoundException", streaming.start_live_tail, logGroupIdentifiers=[arn + "/none"])

logs.delete_log_stream(logGroupName=GROUP, logStreamName="two")
assert [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=GROUP)["logStreams"]] == ["one"]
logs.delete_log_group(logGroupName=GROUP)
refused("ResourceNotFoundException", logs.describe_log_streams, logGroupName=GROUP)
refused("ResourceNotFoundException", logs.delete_log_group, logGroupName=GROUP)
