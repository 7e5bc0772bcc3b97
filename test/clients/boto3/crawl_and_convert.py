"""The whole way: a bucket is crawled, catalogued and converted by a job, and what came out is read back."""
import json
import time

import boto3

glue, iam, s3, logs = (boto3.client(name) for name in ("glue", "iam", "s3", "logs"))
BUCKET = "boto3-pipeline"

trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
iam.create_role(RoleName="PipelineRole", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
for policy in ("service-role/AWSGlueServiceRole", "AmazonS3FullAccess"):
    iam.attach_role_policy(RoleName="PipelineRole", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
s3.create_bucket(Bucket=BUCKET)
for part in (1, 2):
    lines = ["Id,Price,Name"] + [f"{part}{row},{row}.5,name {row}" for row in range(10)]
    s3.put_object(Bucket=BUCKET, Key=f"in/sales/part{part}.csv", Body="\n".join(lines) + "\n")

glue.create_database(DatabaseInput={"Name": "pipeline"})
glue.create_crawler(
    Name="pipeline", Role="PipelineRole", DatabaseName="pipeline", Targets={"S3Targets": [{"Path": f"s3://{BUCKET}/in/sales/"}]}
)
glue.start_crawler(Name="pipeline")


def wait(read, done, what):
    for _ in range(300):
        value = read()
        if done(value):
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what} did not end: {value}")


crawler = wait(lambda: glue.get_crawler(Name="pipeline")["Crawler"], lambda c: c["State"] == "READY", "the crawl")
assert crawler["LastCrawl"]["Status"] == "SUCCEEDED", crawler["LastCrawl"]
assert glue.list_crawls(CrawlerName="pipeline")["Crawls"][0]["State"] == "COMPLETED"
table = glue.get_table(DatabaseName="pipeline", Name="sales")["Table"]
columns = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
assert columns == {"id": "bigint", "price": "double", "name": "string"}, columns
assert table["Parameters"]["classification"] == "csv" and table["Parameters"]["objectCount"] == "2", table["Parameters"]

mapping = [
    {"ToKey": to, "FromPath": [source], "FromType": kind, "ToType": kind}
    for to, source, kind in (("id", "id", "bigint"), ("amount", "price", "double"))
]
nodes = {
    "source": {"CatalogSource": {"Name": "source", "Database": "pipeline", "Table": "sales"}},
    "map": {"ApplyMapping": {"Name": "map", "Inputs": ["source"], "Mapping": mapping}},
    "target": {
        "S3DirectTarget": {"Name": "target", "Inputs": ["map"], "Path": f"s3://{BUCKET}/out/", "Format": "json"}
    },
}
command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/scripts/convert.py"}
glue.create_job(Name="convert", Role="PipelineRole", Command=command, CodeGenConfigurationNodes=nodes, GlueVersion="4.0")
run_id = glue.start_job_run(JobName="convert")["JobRunId"]
terminal = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}
run = wait(
    lambda: glue.get_job_run(JobName="convert", RunId=run_id)["JobRun"], lambda r: r["JobRunState"] in terminal, "the run"
)
assert run["JobRunState"] == "SUCCEEDED", run.get("ErrorMessage")

outputs = s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")["Contents"]
assert len(outputs) == 2, outputs
rows = [
    json.loads(line)
    for entry in outputs
    for line in s3.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read().decode().splitlines()
]
assert len(rows) == 20 and sum(row["amount"] for row in rows) == 100.0, rows
streams = logs.describe_log_streams(logGroupName="/aws-glue/crawlers")["logStreams"]
assert "pipeline" in [stream["logStreamName"] for stream in streams]
