"""Batch as scripts use it: queues, definitions, jobs with dependencies, arrays, logs."""
import time

import boto3

from journey import refused

batch = boto3.client("batch")
logs = boto3.client("logs")
REQUIREMENTS = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "128"}]

batch.create_compute_environment(
    computeEnvironmentName="py-env",
    type="MANAGED",
    computeResources={"type": "FARGATE", "maxvCpus": 16, "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
)
batch.create_job_queue(
    jobQueueName="py-queue", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "py-env"}]
)
[queue] = batch.describe_job_queues(jobQueues=["py-queue"])["jobQueues"]
assert (queue["state"], queue["status"]) == ("ENABLED", "VALID"), queue
definition = batch.register_job_definition(
    jobDefinitionName="py-greet",
    type="container",
    parameters={"name": "nobody"},
    containerProperties={"image": "busybox", "command": ["echo", "hello", "Ref::name"], "resourceRequirements": REQUIREMENTS},
)
assert definition["revision"] == 1, definition


def ended(job_id):
    for _ in range(1000):
        [job] = batch.describe_jobs(jobs=[job_id])["jobs"]
        if job["status"] in ("SUCCEEDED", "FAILED"):
            return job
        time.sleep(0.02)
    raise AssertionError(job)


job = ended(batch.submit_job(jobName="greet", jobQueue="py-queue", jobDefinition="py-greet", parameters={"name": "Ada"})["jobId"])
assert job["status"] == "SUCCEEDED" and job["container"]["exitCode"] == 0, job
# Milliseconds, as Batch gives them: boto3 leaves them numbers.
assert job["createdAt"] > 1_600_000_000_000 and job["stoppedAt"] >= job["startedAt"], job
[event] = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=job["container"]["logStreamName"])["events"]
assert event["message"] == "hello Ada", event

# A drained queue is what launchers wait for.
OPEN = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
first = batch.submit_job(
    jobName="first", jobQueue="py-queue", jobDefinition="py-greet", containerOverrides={"command": ["sleep", "0.5"]}
)["jobId"]
second = batch.submit_job(jobName="second", jobQueue="py-queue", jobDefinition="py-greet", dependsOn=[{"jobId": first}])["jobId"]


def open_jobs():
    pages = [batch.get_paginator("list_jobs").paginate(jobQueue="py-queue", jobStatus=status) for status in OPEN]
    return {job["jobId"] for page_iterator in pages for page in page_iterator for job in page["jobSummaryList"]}


assert open_jobs() == {first, second}, open_jobs()
assert ended(second)["status"] == "SUCCEEDED"
assert open_jobs() == set(), open_jobs()

array = ended(batch.submit_job(jobName="array", jobQueue="py-queue", jobDefinition="py-greet", arrayProperties={"size": 3})["jobId"])
assert array["arrayProperties"]["statusSummary"]["SUCCEEDED"] == 3, array
named = batch.list_jobs(jobQueue="py-queue", filters=[{"name": "JOB_NAME", "values": ["ARR*"]}])["jobSummaryList"]
assert [job["jobId"] for job in named] == [array["jobId"]], named

failed = ended(
    batch.submit_job(
        jobName="failed", jobQueue="py-queue", jobDefinition="py-greet", containerOverrides={"command": ["sh", "-c", "exit 9"]}
    )["jobId"]
)
assert (failed["status"], failed["container"]["exitCode"]) == ("FAILED", 9), failed
slow = batch.submit_job(
    jobName="slow", jobQueue="py-queue", jobDefinition="py-greet", containerOverrides={"command": ["sleep", "60"]}
)["jobId"]
batch.terminate_job(jobId=slow, reason="enough")
assert ended(slow)["statusReason"] == "enough"

arn = queue["jobQueueArn"]
batch.tag_resource(resourceArn=arn, tags={"team": "data", "x": "1", "y": "2"})
batch.untag_resource(resourceArn=arn, tagKeys=["x", "y"])
assert batch.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "data"}
refused("ClientException", batch.submit_job, jobName="x", jobQueue="none", jobDefinition="py-greet")
refused("ClientException", batch.delete_job_queue, jobQueue="py-queue")
batch.update_job_queue(jobQueue="py-queue", state="DISABLED")
batch.delete_job_queue(jobQueue="py-queue")
batch.update_compute_environment(computeEnvironment="py-env", state="DISABLED")
batch.delete_compute_environment(computeEnvironment="py-env")
batch.deregister_job_definition(jobDefinition="py-greet:1")
assert batch.describe_job_definitions(jobDefinitionName="py-greet", status="ACTIVE")["jobDefinitions"] == []
