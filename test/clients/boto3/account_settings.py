"""What an account sets for its catalog: resource policy, encryption, security configurations; and what it is."""
import json

import boto3

from journey import refused

glue = boto3.client("glue")
ACCOUNT = "123456789012"

# The resource policy, changed only by who knows the present one.
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "glue:*", "Resource": "*"}]}
refused("EntityNotFoundException", glue.get_resource_policy)
refused("EntityNotFoundException", glue.put_resource_policy, PolicyInJson=json.dumps(policy), PolicyExistsCondition="MUST_EXIST")
first = glue.put_resource_policy(PolicyInJson=json.dumps(policy), PolicyExistsCondition="NOT_EXIST")["PolicyHash"]
got = glue.get_resource_policy()
assert json.loads(got["PolicyInJson"]) == policy and got["PolicyHash"] == first and got["CreateTime"], got
assert [each["PolicyHash"] for each in glue.get_resource_policies()["GetResourcePoliciesResponseList"]] == [first]
policy["Statement"][0]["Action"] = "glue:GetTable"
refused("ConditionCheckFailureException", glue.put_resource_policy, PolicyInJson=json.dumps(policy), PolicyHashCondition="other")
second = glue.put_resource_policy(PolicyInJson=json.dumps(policy), PolicyHashCondition=first)["PolicyHash"]
assert second != first
refused("ConditionCheckFailureException", glue.delete_resource_policy, PolicyHashCondition=first)
refused("InvalidInputException", glue.put_resource_policy, PolicyInJson="{nonsense")
glue.delete_resource_policy(PolicyHashCondition=second)
refused("EntityNotFoundException", glue.delete_resource_policy)

# Encryption of the catalog.
plain = {
    "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
    "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
}
assert glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"] == plain
encrypted = {
    "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "key"},
    "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": "key"},
}
glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=encrypted)
assert glue.get_data_catalog_encryption_settings(CatalogId=ACCOUNT)["DataCatalogEncryptionSettings"] == encrypted
glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=plain)

# Security configurations.
encryption = {
    "S3Encryption": [{"S3EncryptionMode": "SSE-S3"}],
    "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
    "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
}
made = glue.create_security_configuration(Name="Boto3", EncryptionConfiguration=encryption)
assert made["Name"] == "Boto3" and made["CreatedTimestamp"], made
got = glue.get_security_configuration(Name="Boto3")["SecurityConfiguration"]
assert got["EncryptionConfiguration"] == encryption and got["CreatedTimeStamp"] == made["CreatedTimestamp"], got
refused("AlreadyExistsException", glue.create_security_configuration, Name="Boto3", EncryptionConfiguration=encryption)
assert "Boto3" in [each["Name"] for each in glue.get_security_configurations()["SecurityConfigurations"]]
glue.delete_security_configuration(Name="Boto3")
refused("EntityNotFoundException", glue.get_security_configuration, Name="Boto3")
refused("EntityNotFoundException", glue.delete_security_configuration, Name="Boto3")

# The catalog itself.
assert glue.get_catalog_import_status()["ImportStatus"]["ImportCompleted"] is True
assert glue.get_catalog(CatalogId=ACCOUNT)["Catalog"]["CatalogId"] == ACCOUNT
assert [each["CatalogId"] for each in glue.get_catalogs(IncludeRoot=True)["CatalogList"]] == [ACCOUNT]
refused("EntityNotFoundException", glue.get_catalog, CatalogId="999999999999")
