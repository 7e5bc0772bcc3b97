"""Crawlers through their life: defined, run, watched, stopped, scheduled, their crawls listed and filtered, deleted."""
import json

import boto3
from botocore.exceptions import ClientError

from journey import refused, wait_for

glue, iam, s3, logs = (boto3.client(name) for name in ("glue", "iam", "s3", "logs"))
BUCKET = "boto3-crawlers"
DATABASE = "boto3_crawlers"
NAME = "Boto3-Crawler"

trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
iam.create_role(RoleName="Crawlers", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
for policy in ("service-role/AWSGlueServiceRole", "AmazonS3FullAccess"):
    iam.attach_role_policy(RoleName="Crawlers", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
s3.create_bucket(Bucket=BUCKET)
glue.create_database(DatabaseInput={"Name": DATABASE})
for year in (2023, 2024):
    s3.put_object(Bucket=BUCKET, Key=f"lake/orders/year={year}/part.csv", Body="id,price\n1,2.5\n2,3.5\n")
s3.put_object(Bucket=BUCKET, Key="lake/people/people.json", Body='{"name": "ana", "tags": ["a"]}\n')
s3.put_object(Bucket=BUCKET, Key="lake/people/skipped.tmp", Body="x")
s3.put_object(Bucket=BUCKET, Key="lake/items/items.csv", Body="sku|colour|weight\na1|red|2\nb2|blue|3\n")


def get(name=NAME):
    return glue.get_crawler(Name=name)["Crawler"]


def crawl(name=NAME):
    glue.start_crawler(Name=name)
    return wait_for(lambda: get(name), lambda crawler: crawler["State"] == "READY")["LastCrawl"]


# Defined: what was given comes back, with the defaults.
targets = {"S3Targets": [{"Path": f"s3://{BUCKET}/lake/", "Exclusions": ["**.tmp"]}]}
policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"}
glue.create_crawler(
    Name=NAME,
    Role="arn:aws:iam::123456789012:role/Crawlers",
    DatabaseName=DATABASE,
    Targets=targets,
    TablePrefix="raw_",
    Description="first",
    SchemaChangePolicy=policy,
    Tags={"team": "a"},
)
crawler = get()
assert crawler["Role"] == "Crawlers" and crawler["State"] == "READY" and crawler["Version"] == 1, crawler
assert crawler["Targets"]["S3Targets"] == targets["S3Targets"] and crawler["SchemaChangePolicy"] == policy, crawler
assert crawler["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"} and "LastCrawl" not in crawler, crawler
refused("AlreadyExistsException", glue.create_crawler, Name=NAME, Role="Crawlers", DatabaseName=DATABASE, Targets=targets)
refused("EntityNotFoundException", glue.get_crawler, Name=NAME.lower())
refused("EntityNotFoundException", glue.start_crawler, Name="none")
refused("CrawlerNotRunningException", glue.stop_crawler, Name=NAME)

# Run: tables with their partitions, told in the last crawl, the metrics and the log.
last = crawl()
assert last["Status"] == "SUCCEEDED" and last["LogGroup"] == "/aws-glue/crawlers" and last["LogStream"] == NAME, last
tables = {table["Name"]: table for table in glue.get_tables(DatabaseName=DATABASE)["TableList"]}
assert sorted(tables) == ["raw_items", "raw_orders", "raw_people"], sorted(tables)
orders = tables["raw_orders"]
assert [(column["Name"], column["Type"]) for column in orders["StorageDescriptor"]["Columns"]] == [("id", "bigint"), ("price", "double")]
assert [key["Name"] for key in orders["PartitionKeys"]] == ["year"] and orders["Parameters"]["UPDATED_BY_CRAWLER"] == NAME, orders
partitions = glue.get_partitions(DatabaseName=DATABASE, TableName="raw_orders", Expression="year = '2024'")["Partitions"]
assert [partition["Values"] for partition in partitions] == [["2024"]], partitions
assert tables["raw_people"]["Parameters"]["objectCount"] == "1"
metrics = glue.get_crawler_metrics(CrawlerNameList=[NAME])["CrawlerMetricsList"][0]
assert (metrics["TablesCreated"], metrics["TablesUpdated"], metrics["TablesDeleted"]) == (3, 0, 0), metrics
assert metrics["StillEstimating"] is False and metrics["LastRuntimeSeconds"] >= 0, metrics
events = logs.get_log_events(logGroupName="/aws-glue/crawlers", logStreamName=NAME, startFromHead=True)["events"]
assert any("raw_orders" in event["message"] or "BENCHMARK" in event["message"] for event in events), events

# Again: what changed is updated, what went is deleted.
s3.put_object(Bucket=BUCKET, Key="lake/orders/year=2025/part.csv", Body="id,price\n1,2.5\n")
s3.delete_object(Bucket=BUCKET, Key="lake/people/people.json")
assert crawl()["Status"] == "SUCCEEDED"
assert [table["Name"] for table in glue.get_tables(DatabaseName=DATABASE)["TableList"]] == ["raw_items", "raw_orders"]
assert len(glue.get_partitions(DatabaseName=DATABASE, TableName="raw_orders")["Partitions"]) == 3
assert glue.get_crawler_metrics(CrawlerNameList=[NAME])["CrawlerMetricsList"][0]["TablesDeleted"] == 1

# Changed: the rest stays, the version counts up.
glue.update_crawler(Name=NAME, Description="second")
crawler = get()
assert crawler["Description"] == "second" and crawler["TablePrefix"] == "raw_" and crawler["Version"] == 2, crawler
refused("EntityNotFoundException", glue.update_crawler, Name="none", Description="x")

# Stopped while it runs, when nothing else may be done to it.
rows = "".join(f"{number},{number}.5,some text of number {number}\n" for number in range(1000))
for number in range(300):
    s3.put_object(Bucket=BUCKET, Key=f"many/table{number}/data.csv", Body=f"a{number},b{number},c{number}\n{rows}")
many = {"S3Targets": [{"Path": f"s3://{BUCKET}/many/"}]}
glue.create_crawler(Name="Boto3-Many", Role="Crawlers", DatabaseName=DATABASE, Targets=many)


def outcome(call, **options):
    try:
        call(Name="Boto3-Many", **options)
    except ClientError as error:
        return error.response["Error"]["Code"]


def interrupted_crawl():
    glue.start_crawler(Name="Boto3-Many")
    codes = [outcome(glue.start_crawler), outcome(glue.update_crawler, Description="x"), outcome(glue.stop_crawler)]
    return [*codes, wait_for(lambda: get("Boto3-Many"), lambda each: each["State"] == "READY")["LastCrawl"]["Status"]]


# The crawl takes a third of a second: on a busy machine it can be over before it is stopped.
interrupted = ["CrawlerRunningException", "CrawlerRunningException", None, "CANCELLED"]
wait_for(interrupted_crawl, lambda outcomes: outcomes == interrupted)
assert glue.list_crawls(CrawlerName="Boto3-Many")["Crawls"][0]["State"] == "STOPPED"


# Crawls, newest first, in pages and by filters.
def crawls(*filters):
    names = ("FieldName", "FilterOperator", "FieldValue")
    answer = glue.list_crawls(CrawlerName=NAME, Filters=[dict(zip(names, each)) for each in filters])
    return [each["CrawlId"] for each in answer["Crawls"]]


listed = glue.list_crawls(CrawlerName=NAME)["Crawls"]
assert [each["State"] for each in listed] == ["COMPLETED", "COMPLETED"], listed
assert listed[0]["StartTime"] > listed[1]["StartTime"] and listed[0]["EndTime"] >= listed[0]["StartTime"], listed
summary = json.loads(listed[1]["Summary"])
assert "TABLE" in summary and "PARTITION" in summary, summary
newest, oldest = (each["CrawlId"] for each in listed)
milliseconds = str(int(listed[0]["StartTime"].timestamp() * 1000))
assert crawls(("STATE", "EQ", "COMPLETED")) == [newest, oldest] and crawls(("STATE", "EQ", "FAILED")) == []
assert crawls(("CRAWL_ID", "EQ", oldest)) == [oldest] and crawls(("CRAWL_ID", "NE", oldest)) == [newest]
assert crawls(("START_TIME", "LT", milliseconds)) == [oldest] and crawls(("START_TIME", "GE", milliseconds)) == [newest]
assert crawls(("START_TIME", "LT", milliseconds), ("STATE", "NE", "COMPLETED")) == []
page = glue.list_crawls(CrawlerName=NAME, MaxResults=1)
rest = glue.list_crawls(CrawlerName=NAME, MaxResults=1, NextToken=page["NextToken"])
assert [each["CrawlId"] for each in page["Crawls"] + rest["Crawls"]] == [newest, oldest] and "NextToken" not in rest
unfit = {"FieldName": "STATE", "FilterOperator": "GT", "FieldValue": "COMPLETED"}
refused("InvalidInputException", glue.list_crawls, CrawlerName=NAME, Filters=[unfit])
refused("EntityNotFoundException", glue.list_crawls, CrawlerName="none")

# Schedules.
glue.update_crawler_schedule(CrawlerName=NAME, Schedule="cron(15 12 * * ? *)")
assert get()["Schedule"] == {"ScheduleExpression": "cron(15 12 * * ? *)", "State": "SCHEDULED"}, get()["Schedule"]
refused("SchedulerRunningException", glue.start_crawler_schedule, CrawlerName=NAME)
glue.stop_crawler_schedule(CrawlerName=NAME)
assert get()["Schedule"]["State"] == "NOT_SCHEDULED", get()["Schedule"]
refused("SchedulerNotRunningException", glue.stop_crawler_schedule, CrawlerName=NAME)
glue.start_crawler_schedule(CrawlerName=NAME)
assert get()["Schedule"]["State"] == "SCHEDULED"
refused("InvalidInputException", glue.update_crawler_schedule, CrawlerName=NAME, Schedule="every day")

# Lists, and the end.
ours = [NAME, "Boto3-Many"]
pages = glue.get_paginator("get_crawlers").paginate(PaginationConfig={"PageSize": 1})
assert set(ours) <= {each["Name"] for page in pages for each in page["Crawlers"]}
assert set(ours) <= set(glue.list_crawlers()["CrawlerNames"])
assert glue.list_crawlers(Tags={"team": "a"})["CrawlerNames"] == [NAME]
batch = glue.batch_get_crawlers(CrawlerNames=[*ours, "none"])
assert [each["Name"] for each in batch["Crawlers"]] == ours and batch["CrawlersNotFound"] == ["none"], batch
for name in ours:
    glue.delete_crawler(Name=name)
    refused("EntityNotFoundException", glue.delete_crawler, Name=name)
for policy in ("service-role/AWSGlueServiceRole", "AmazonS3FullAccess"):
    iam.detach_role_policy(RoleName="Crawlers", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
iam.delete_role(RoleName="Crawlers")
