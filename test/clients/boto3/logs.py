"""Log groups, streams and events as scripts read and write them."""
import time

import boto3

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

logs.delete_log_stream(logGroupName=GROUP, logStreamName="two")
assert [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=GROUP)["logStreams"]] == ["one"]
logs.delete_log_group(logGroupName=GROUP)
refused("ResourceNotFoundException", logs.describe_log_streams, logGroupName=GROUP)
refused("ResourceNotFoundException", logs.delete_log_group, logGroupName=GROUP)
