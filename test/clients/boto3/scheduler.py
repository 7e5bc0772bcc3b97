"""Scheduler as scripts use it: a crawler started by a universal target, groups, and what a schedule refuses."""
import json
from datetime import datetime, timedelta, timezone

import boto3

from journey import refused, wait_for

scheduler = boto3.client("scheduler")
iam = boto3.client("iam")
glue = boto3.client("glue")
s3 = boto3.client("s3")

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["scheduler.amazonaws.com", "glue.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
role = iam.create_role(RoleName="py-scheduler", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
for policy in ("service-role/AWSGlueServiceRole", "AmazonS3FullAccess"):
    iam.attach_role_policy(RoleName="py-scheduler", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
s3.create_bucket(Bucket="py-scheduled")
s3.put_object(Bucket="py-scheduled", Key="sales/a.csv", Body=b"id,price\n1,2.5\n")
glue.create_database(DatabaseInput={"Name": "py_scheduled"})
glue.create_crawler(
    Name="py-scheduled",
    Role="py-scheduler",
    DatabaseName="py_scheduled",
    Targets={"S3Targets": [{"Path": "s3://py-scheduled/sales/"}]},
)
target = {
    "Arn": "arn:aws:scheduler:::aws-sdk:glue:startCrawler",
    "RoleArn": role,
    "Input": json.dumps({"Name": "py-scheduled"}),
    "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600},
}
soon = datetime.now(timezone.utc) + timedelta(seconds=1)
scheduler.create_schedule_group(Name="py-group")
scheduler.create_schedule(
    Name="py-once",
    GroupName="py-group",
    ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
    FlexibleTimeWindow={"Mode": "OFF"},
    ActionAfterCompletion="DELETE",
    Target=target,
)
wait_for(lambda: glue.get_tables(DatabaseName="py_scheduled")["TableList"], bool)
refused("ResourceNotFoundException", scheduler.get_schedule, Name="py-once", GroupName="py-group")

scheduler.create_schedule(
    Name="py-nightly",
    ScheduleExpression="cron(30 2 * * ? *)",
    ScheduleExpressionTimezone="America/New_York",
    FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
    Target=target,
)
schedule = scheduler.get_schedule(Name="py-nightly")
assert schedule["GroupName"] == "default" and schedule["State"] == "ENABLED", schedule
assert schedule["Target"]["RetryPolicy"] == target["RetryPolicy"], schedule
[listed] = scheduler.list_schedules(NamePrefix="py-")["Schedules"]
assert listed["Arn"] == schedule["Arn"], listed
refused(
    "ValidationException",
    scheduler.create_schedule,
    Name="py-bad",
    ScheduleExpression="cron(30 2 * * * *)",
    FlexibleTimeWindow={"Mode": "OFF"},
    Target=target,
)
scheduler.delete_schedule(Name="py-nightly")
scheduler.delete_schedule_group(Name="py-group")
