"""Jobs and their runs: defined, run, limited, stopped, tried again, and what failures and logs say."""
import json

import boto3

from journey import refused, wait_for

glue, iam, s3, logs = (boto3.client(name) for name in ("glue", "iam", "s3", "logs"))
BUCKET = "boto3-jobs"
LIVE = {"STARTING", "RUNNING", "STOPPING", "WAITING"}

trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
iam.create_role(RoleName="Jobs", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
for policy in ("service-role/AWSGlueServiceRole", "AmazonS3FullAccess"):
    iam.attach_role_policy(RoleName="Jobs", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
s3.create_bucket(Bucket=BUCKET)
s3.put_object(Bucket=BUCKET, Key="in/numbers.csv", Body="n\n" + "\n".join(str(number) for number in range(3000)) + "\n")


def graph(query, source=f"s3://{BUCKET}/in/", target="out"):
    csv = {"QuoteChar": "quote", "Separator": "comma", "WithHeader": True, "WriteHeader": True}
    return {
        "read": {"S3CsvSource": {"Name": "read", "Paths": [source], **csv}},
        "query": {
            "SparkSQL": {"Name": "query", "Inputs": ["read"], "SqlQuery": query, "SqlAliases": [{"From": "read", "Alias": "t"}]}
        },
        "write": {"S3DirectTarget": {"Name": "write", "Inputs": ["query"], "Path": f"s3://{BUCKET}/{target}/", "Format": "json"}},
    }


QUICK = graph("select count(*) as c from t")
# Works for minutes, unless it is stopped.
SLOW = graph("select count(*) as c from t a cross join t b cross join t c where cast(a.n as int) + cast(b.n as int) + cast(c.n as int) = -1", target="slow")


def job(name, nodes=QUICK, **more):
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/scripts/{name}.py", "PythonVersion": "3"}
    return {"Name": name, "Role": "Jobs", "Command": command, "CodeGenConfigurationNodes": nodes, "GlueVersion": "4.0", **more}


def run_of(name, run_id):
    return glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]


def ended(name, run_id):
    return wait_for(lambda: run_of(name, run_id), lambda run: run["JobRunState"] not in LIVE)


# Defined: what was given comes back, with the defaults; an update replaces it.
given = job("boto3-quick", Description="first", DefaultArguments={"--a": "1"}, MaxRetries=0, WorkerType="G.1X", NumberOfWorkers=2)
assert glue.create_job(**given, Tags={"team": "a"})["Name"] == "boto3-quick"
got = glue.get_job(JobName="boto3-quick")["Job"]
assert {name: got[name] for name in given} == given, got
assert got["ExecutionProperty"] == {"MaxConcurrentRuns": 1} and got["Timeout"] == 2880 and got["CreatedOn"], got
refused("AlreadyExistsException", glue.create_job, **given)
message = refused("EntityNotFoundException", glue.get_job, JobName="none")
assert message == "Job none not found.", message
refused("InvalidInputException", glue.create_job, Name="boto3-other", Role="NoSuchRole", Command=given["Command"])
update = {name: given[name] for name in ("Role", "Command", "CodeGenConfigurationNodes")}
glue.update_job(JobName="boto3-quick", JobUpdate={**update, "Description": "second"})
got = glue.get_job(JobName="boto3-quick")["Job"]
assert got["Description"] == "second" and "DefaultArguments" not in got and "WorkerType" not in got, got

# Run: the work is done, and the run tells how.
run_id = glue.start_job_run(JobName="boto3-quick", Arguments={"--b": "2"})["JobRunId"]
assert run_id.startswith("jr_"), run_id
run = ended("boto3-quick", run_id)
assert run["JobRunState"] == "SUCCEEDED" and run["Arguments"] == {"--b": "2"} and run["Attempt"] == 0, run
assert run["StartedOn"] <= run["CompletedOn"] and run["ExecutionTime"] >= 0 and run["LogGroupName"] == "/aws-glue/jobs", run
written = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")["Contents"]]
assert [json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()) for key in written] == [{"c": 3000}], written
lines = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id)["events"]
assert lines, "a run that worked has output in its log"

# Limited: as many runs at once as the job allows; more are refused, or wait where they may.
glue.create_job(**job("boto3-slow", SLOW))
slow = glue.start_job_run(JobName="boto3-slow")["JobRunId"]
refused("ConcurrentRunsExceededException", glue.start_job_run, JobName="boto3-slow")
waiting = glue.start_job_run(JobName="boto3-slow", JobRunQueuingEnabled=True)["JobRunId"]
assert run_of("boto3-slow", waiting)["JobRunState"] == "WAITING"

# Stopped: those that can be, with an error for each other.
wait_for(lambda: run_of("boto3-slow", slow), lambda run: run["JobRunState"] == "RUNNING")
stopped = glue.batch_stop_job_run(JobName="boto3-slow", JobRunIds=[waiting, slow, "jr_none"])
assert [each["JobRunId"] for each in stopped["SuccessfulSubmissions"]] == [waiting, slow], stopped
assert [(each["JobRunId"], each["ErrorDetail"]["ErrorCode"]) for each in stopped["Errors"]] == [("jr_none", "EntityNotFoundException")]
for each in (waiting, slow):
    assert ended("boto3-slow", each)["JobRunState"] == "STOPPED"
assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="slow/"), "a run that was stopped wrote something"
errors = glue.batch_stop_job_run(JobName="boto3-slow", JobRunIds=[slow])["Errors"]
assert len(errors) == 1, errors

# Failed: tried again as often as the job says, with a message that says why, in the run and in the log.
glue.create_job(**job("boto3-broken", graph("select nothing_like_it from t"), MaxRetries=1))
broken = glue.start_job_run(JobName="boto3-broken")["JobRunId"]
assert ended("boto3-broken", broken)["JobRunState"] == "FAILED"
again = ended("boto3-broken", f"{broken}_attempt_1")
assert (again["JobRunState"], again["Attempt"], again["PreviousRunId"]) == ("FAILED", 1, broken), again
assert "nothing_like_it" in again["ErrorMessage"], again
events = logs.get_log_events(logGroupName="/aws-glue/jobs/error", logStreamName=again["Id"])["events"]
assert any("nothing_like_it" in event["message"] for event in events), events
runs = glue.get_job_runs(JobName="boto3-broken")["JobRuns"]
assert [each["Id"] for each in runs] == [again["Id"], broken], runs
pages = glue.get_paginator("get_job_runs").paginate(JobName="boto3-broken", PaginationConfig={"PageSize": 1})
assert [[each["Id"] for each in page["JobRuns"]] for page in pages][:2] == [[again["Id"]], [broken]]
glue.update_job(JobName="boto3-broken", JobUpdate={**update, "CodeGenConfigurationNodes": QUICK})
retried = glue.start_job_run(JobName="boto3-broken", JobRunId=broken)["JobRunId"]
assert ended("boto3-broken", retried)["JobRunState"] == "SUCCEEDED"

# Refused: what makes no sense.
refused("EntityNotFoundException", glue.start_job_run, JobName="none")
refused("EntityNotFoundException", glue.get_job_run, JobName="boto3-quick", RunId="jr_none")
refused("EntityNotFoundException", glue.get_job_runs, JobName="none")
refused("InvalidInputException", glue.start_job_run, JobName="boto3-quick", WorkerType="G.1X", MaxCapacity=2.0)

# Lists, and the end: deleting what is not there is no error.
ours = ["boto3-broken", "boto3-quick", "boto3-slow"]
pages = glue.get_paginator("get_jobs").paginate(PaginationConfig={"PageSize": 2})
assert [each["Name"] for page in pages for each in page["Jobs"] if each["Name"] in ours] == ours
assert glue.list_jobs(Tags={"team": "a"})["JobNames"] == ["boto3-quick"]
batch = glue.batch_get_jobs(JobNames=[*ours, "none"])
assert [each["Name"] for each in batch["Jobs"]] == ours and batch["JobsNotFound"] == ["none"], batch
for name in (*ours, "none"):
    assert glue.delete_job(JobName=name)["JobName"] == name
refused("EntityNotFoundException", glue.get_job_runs, JobName="boto3-quick")
for policy in ("service-role/AWSGlueServiceRole", "AmazonS3FullAccess"):
    iam.detach_role_policy(RoleName="Jobs", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
iam.delete_role(RoleName="Jobs")
