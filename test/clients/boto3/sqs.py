"""Queues as scripts use them: send, receive, delete, batches, dead letters, attributes."""
import boto3

from journey import refused, wait_for

sqs = boto3.client("sqs")

dead_url = sqs.create_queue(QueueName="py-dead")["QueueUrl"]
dead_arn = sqs.get_queue_attributes(QueueUrl=dead_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
url = sqs.create_queue(
    QueueName="py-work",
    Attributes={
        "VisibilityTimeout": "1",
        "RedrivePolicy": '{"deadLetterTargetArn":"%s","maxReceiveCount":"2"}' % dead_arn,
    },
    tags={"team": "data"},
)["QueueUrl"]
assert sqs.get_queue_url(QueueName="py-work")["QueueUrl"] == url
assert url in sqs.list_queues(QueueNamePrefix="py-")["QueueUrls"]
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "data"}

# botocore checks the digests of body and attributes itself.
sent = sqs.send_message(
    QueueUrl=url,
    MessageBody="hello \u00fc",
    MessageAttributes={"n": {"DataType": "Number", "StringValue": "7"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
)
[message] = sqs.receive_message(
    QueueUrl=url, MessageAttributeNames=["All"], AttributeNames=["All"], WaitTimeSeconds=5, VisibilityTimeout=30
)["Messages"]
assert message["MessageId"] == sent["MessageId"] and message["Body"] == "hello \u00fc", message
assert message["MessageAttributes"]["b"]["BinaryValue"] == b"\x00\xff", message
assert message["Attributes"]["ApproximateReceiveCount"] == "1", message
sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

result = sqs.send_message_batch(
    QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 0}]
)
assert [entry["Id"] for entry in result["Successful"]] == ["a", "b"] and "Failed" not in result, result
received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
assert sorted(each["Body"] for each in received) == ["1", "2"], received
sqs.delete_message_batch(
    QueueUrl=url, Entries=[{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(received)]
)

sqs.send_message(QueueUrl=url, MessageBody="poison")
[poison] = wait_for(
    lambda: sqs.receive_message(QueueUrl=url).get("Messages", [])
    and sqs.receive_message(QueueUrl=dead_url).get("Messages", [])
    or sqs.receive_message(QueueUrl=dead_url).get("Messages", []),
    bool,
)
assert poison["Body"] == "poison", poison

try:
    sqs.send_message(QueueUrl=url.replace("py-work", "py-none"), MessageBody="x")
    raise AssertionError("a queue that is not there took a message")
except sqs.exceptions.QueueDoesNotExist as error:
    assert error.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue", error.response
refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=url, ReceiptHandle="nonsense")
sqs.purge_queue(QueueUrl=url)
sqs.delete_queue(QueueUrl=url)
refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="py-work")
