// What a role of a test needs for its crawlers and jobs to read and write.
import type { IAM } from '@aws-sdk/client-iam';

const POLICIES = ['service-role/AWSGlueServiceRole', 'AmazonS3FullAccess', 'AmazonDynamoDBReadOnlyAccess'];

/** Attaches the policies that Glue's users attach. */
export async function attachGluePermissions(iam: IAM, RoleName: string): Promise<void> {
  for (const name of POLICIES) {
    await iam.attachRolePolicy({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` });
  }
}

export async function detachGluePermissions(iam: IAM, RoleName: string): Promise<void> {
  for (const name of POLICIES) {
    await iam.detachRolePolicy({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` });
  }
}
