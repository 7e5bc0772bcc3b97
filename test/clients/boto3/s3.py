"""Objects as boto3 users handle them: put, list, range, copy, conditions, multipart, presigned URLs."""
import io
import urllib.request

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
BUCKET = "boto3-objects"


def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError(f"{call} did not fail")


s3.create_bucket(Bucket=BUCKET)
assert BUCKET in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]

put = s3.put_object(Bucket=BUCKET, Key="a/über +&%.txt", Body=b"0123456789", Metadata={"origin": "boto3"})
got = s3.get_object(Bucket=BUCKET, Key="a/über +&%.txt")
assert got["Body"].read() == b"0123456789"
assert got["Metadata"] == {"origin": "boto3"}
assert got["ETag"] == put["ETag"]
assert s3.get_object(Bucket=BUCKET, Key="a/über +&%.txt", Range="bytes=2-4")["Body"].read() == b"234"
assert code_of(s3.get_object, Bucket=BUCKET, Key="a/über +&%.txt", Range="bytes=99-") == "InvalidRange"
assert code_of(s3.get_object, Bucket=BUCKET, Key="nothing") == "NoSuchKey"
assert code_of(s3.head_object, Bucket=BUCKET, Key="nothing") == "404"
assert code_of(s3.list_objects_v2, Bucket="no-such-bucket-here") == "NoSuchBucket"

assert code_of(s3.put_object, Bucket=BUCKET, Key="a/über +&%.txt", Body=b"", IfNoneMatch="*") == "PreconditionFailed"
s3.put_object(Bucket=BUCKET, Key="a/über +&%.txt", Body=b"new", IfMatch=put["ETag"])
assert code_of(s3.put_object, Bucket=BUCKET, Key="a/über +&%.txt", Body=b"", IfMatch=put["ETag"]) == "PreconditionFailed"

s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "a/über +&%.txt"})
assert s3.get_object(Bucket=BUCKET, Key="copy")["Body"].read() == b"new"

content = bytes(range(256)) * (12 * 4096)
s3.upload_fileobj(io.BytesIO(content), BUCKET, "large.bin")
assert s3.head_object(Bucket=BUCKET, Key="large.bin")["ETag"].endswith('-2"')
buffer = io.BytesIO()
s3.download_fileobj(BUCKET, "large.bin", buffer)
assert buffer.getvalue() == content

for number in range(25):
    s3.put_object(Bucket=BUCKET, Key=f"many/{number:03}", Body=b"x")
pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="many/", PaginationConfig={"PageSize": 10}))
assert [len(page["Contents"]) for page in pages] == [10, 10, 5]
top = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/")
assert [entry["Prefix"] for entry in top["CommonPrefixes"]] == ["a/", "many/"]
assert [entry["Key"] for entry in top["Contents"]] == ["copy", "large.bin"]

s3.put_object_tagging(Bucket=BUCKET, Key="copy", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
assert s3.get_object_tagging(Bucket=BUCKET, Key="copy")["TagSet"] == [{"Key": "k", "Value": "v"}]

url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "copy"})
assert urllib.request.urlopen(url).read() == b"new"

assert code_of(s3.delete_bucket, Bucket=BUCKET) == "BucketNotEmpty"
keys = [{"Key": entry["Key"]} for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET) for entry in page["Contents"]]
assert not s3.delete_objects(Bucket=BUCKET, Delete={"Objects": keys}).get("Errors")
s3.delete_bucket(Bucket=BUCKET)
assert BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]

policy = '{"Version": "2012-10-17", "Statement": []}'
assert code_of(s3.put_bucket_policy, Bucket=BUCKET, Policy=policy) == "NotImplemented"
