"""Roles and policies, and what Glue says of a role that it cannot assume."""
import json

import boto3
from botocore.exceptions import ClientError

iam, sts, glue = boto3.client("iam"), boto3.client("sts"), boto3.client("glue")

assert sts.get_caller_identity()["Account"] == "123456789012"


def trust(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


role = iam.create_role(RoleName="Boto3Role", Path="/service-role/", AssumeRolePolicyDocument=trust("glue.amazonaws.com"))["Role"]
assert role["Arn"] == "arn:aws:iam::123456789012:role/service-role/Boto3Role"
assert iam.get_role(RoleName="Boto3Role")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Effect"] == "Allow"
try:
    iam.create_role(RoleName="Boto3Role", AssumeRolePolicyDocument=trust("glue.amazonaws.com"))
    raise AssertionError("a second role of the same name")
except iam.exceptions.EntityAlreadyExistsException:
    pass

iam.attach_role_policy(RoleName="Boto3Role", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole")
document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
iam.put_role_policy(RoleName="Boto3Role", PolicyName="inline", PolicyDocument=json.dumps(document))
assert iam.get_role_policy(RoleName="Boto3Role", PolicyName="inline")["PolicyDocument"] == document
attached = iam.list_attached_role_policies(RoleName="Boto3Role")["AttachedPolicies"]
assert [policy["PolicyName"] for policy in attached] == ["AWSGlueServiceRole"]
try:
    iam.delete_role(RoleName="Boto3Role")
    raise AssertionError("a role with policies was deleted")
except iam.exceptions.DeleteConflictException:
    pass

iam.create_role(RoleName="LambdaOnly", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
for name in ("LambdaOnly", "NoSuchRole"):
    try:
        glue.create_crawler(Name=f"by-{name}", Role=name, DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://b/"}]})
        raise AssertionError(f"Glue took the role {name}")
    except glue.exceptions.InvalidInputException as error:
        assert name in str(error) or "assume" in str(error), error

try:
    iam.get_role(RoleName="NoSuchRole")
    raise AssertionError("a role that is not there")
except iam.exceptions.NoSuchEntityException as error:
    assert str(error).endswith("The role with name NoSuchRole cannot be found."), error

iam.detach_role_policy(RoleName="Boto3Role", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole")
iam.delete_role_policy(RoleName="Boto3Role", PolicyName="inline")
for name in ("Boto3Role", "LambdaOnly"):
    iam.delete_role(RoleName=name)

try:
    iam.create_user(UserName="nobody")
    raise AssertionError("an operation that is not there succeeded")
except ClientError as error:
    assert error.response["Error"]["Code"] == "InvalidAction", error.response
