// The AWS-managed policies that exist here, for reading and attaching: what each grants, in our words.

export interface AwsManagedPolicy {
  name: string;
  /** `/`, or `/service-role/` for those made for service roles. */
  path: string;
  description: string;
  document: string;
}

type Condition = Record<string, Record<string, string | string[]>>;
interface PolicyStatement {
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
  Condition?: Condition;
}

const allow = (actions: string, resources = '*', Condition?: Condition): PolicyStatement => ({
  Effect: 'Allow',
  Action: actions.split(' '),
  Resource: resources.split(' '),
  ...(Condition ? { Condition } : {}),
});

const policy = (
  path: string,
  name: string,
  description: string,
  ...Statement: PolicyStatement[]
): AwsManagedPolicy => ({
  name,
  path,
  description,
  document: JSON.stringify({ Version: '2012-10-17', Statement }),
});

const passTo = (services: string[]): Condition => ({ StringLike: { 'iam:PassedToService': services } });

const NETWORK_FOR_GLUE =
  'ec2:DescribeVpcEndpoints ec2:DescribeRouteTables ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ' +
  'ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcAttribute';
const GLUE_RESOURCE_TAG: Condition = {
  'ForAllValues:StringEquals': { 'aws:TagKeys': ['aws-glue-service-resource'] },
};
const GLUE_TAGGED =
  'arn:aws:ec2:*:*:network-interface/* arn:aws:ec2:*:*:security-group/* arn:aws:ec2:*:*:instance/*';
const GLUE_BUCKETS = 'arn:aws:s3:::aws-glue-*/* arn:aws:s3:::*/*aws-glue-*/*';
const WRITE_LOGS = 'logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents';

/** AWS docs: AWS managed policy reference. Everything that Glue's users attach; others are refused by name. */
export const AWS_MANAGED_POLICIES: readonly AwsManagedPolicy[] = [
  policy(
    '/service-role/',
    'AWSGlueServiceRole',
    'Policy for AWS Glue service role which allows access to related services including EC2, S3, and Cloudwatch Logs',
    allow(
      'glue:* s3:GetBucketLocation s3:ListBucket s3:ListAllMyBuckets s3:GetBucketAcl iam:ListRolePolicies iam:GetRole ' +
        `iam:GetRolePolicy cloudwatch:PutMetricData ${NETWORK_FOR_GLUE}`,
    ),
    allow('s3:CreateBucket', 'arn:aws:s3:::aws-glue-*'),
    allow('s3:GetObject s3:PutObject s3:DeleteObject', GLUE_BUCKETS),
    allow('s3:GetObject', 'arn:aws:s3:::crawler-public* arn:aws:s3:::aws-glue-*'),
    allow(WRITE_LOGS, 'arn:aws:logs:*:*:*:/aws-glue/*'),
    allow('ec2:CreateTags ec2:DeleteTags', GLUE_TAGGED, GLUE_RESOURCE_TAG),
  ),
  policy(
    '/service-role/',
    'AWSGlueServiceNotebookRole',
    'Policy for AWS Glue service role which allows customer to manage notebook server',
    allow(
      'glue:CreateDatabase glue:CreatePartition glue:CreateTable glue:DeleteDatabase glue:DeletePartition ' +
        'glue:DeleteTable glue:GetDatabase glue:GetDatabases glue:GetPartition glue:GetPartitions glue:GetTable ' +
        'glue:GetTableVersions glue:GetTables glue:UpdateDatabase glue:UpdatePartition glue:UpdateTable ' +
        'glue:GetJobBookmark glue:ResetJobBookmark glue:CreateConnection glue:CreateJob glue:DeleteConnection ' +
        'glue:DeleteJob glue:GetConnection glue:GetConnections glue:GetDevEndpoint glue:GetDevEndpoints glue:GetJob ' +
        'glue:GetJobs glue:UpdateJob glue:BatchDeleteConnection glue:UpdateConnection glue:GetUserDefinedFunction ' +
        'glue:UpdateUserDefinedFunction glue:GetUserDefinedFunctions glue:DeleteUserDefinedFunction ' +
        'glue:CreateUserDefinedFunction glue:BatchGetPartition glue:BatchDeletePartition glue:BatchCreatePartition ' +
        'glue:BatchDeleteTable glue:UpdateDevEndpoint s3:GetBucketLocation s3:ListBucket s3:ListAllMyBuckets s3:GetBucketAcl',
    ),
    allow('s3:GetObject', 'arn:aws:s3:::crawler-public* arn:aws:s3:::aws-glue*'),
    allow('s3:PutObject s3:DeleteObject', 'arn:aws:s3:::aws-glue*'),
    allow('ec2:CreateTags ec2:DeleteTags', GLUE_TAGGED, GLUE_RESOURCE_TAG),
  ),
  policy(
    '/',
    'AWSGlueConsoleFullAccess',
    'Provides full access to AWS Glue via the AWS Management Console',
    allow(
      'glue:* redshift:DescribeClusters redshift:DescribeClusterSubnetGroups iam:ListRoles iam:ListUsers iam:ListGroups ' +
        'iam:ListRolePolicies iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies ec2:DescribeSecurityGroups ' +
        'ec2:DescribeSubnets ec2:DescribeVpcs ec2:DescribeVpcEndpoints ec2:DescribeRouteTables ec2:DescribeVpcAttribute ' +
        'ec2:DescribeKeyPairs ec2:DescribeInstances rds:DescribeDBInstances rds:DescribeDBClusters ' +
        'rds:DescribeDBSubnetGroups s3:ListAllMyBuckets s3:ListBucket s3:GetBucketAcl s3:GetBucketLocation ' +
        'cloudformation:DescribeStacks cloudformation:GetTemplateSummary dynamodb:ListTables kms:ListAliases kms:DescribeKey ' +
        'cloudwatch:GetMetricData cloudwatch:ListDashboards',
    ),
    allow(
      's3:GetObject s3:PutObject',
      'arn:aws:s3:::aws-glue-*/* arn:aws:s3:::*/*aws-glue-*/* arn:aws:s3:::aws-glue-*',
    ),
    allow('tag:GetResources'),
    allow('s3:CreateBucket', 'arn:aws:s3:::aws-glue-*'),
    allow('logs:GetLogEvents', 'arn:aws:logs:*:*:/aws-glue/*'),
    allow('iam:PassRole', 'arn:aws:iam::*:role/AWSGlueServiceRole*', passTo(['glue.amazonaws.com'])),
    allow('iam:PassRole', 'arn:aws:iam::*:role/AWSGlueServiceNotebookRole*', passTo(['ec2.amazonaws.com'])),
    allow(
      'iam:PassRole',
      'arn:aws:iam::*:role/service-role/AWSGlueServiceRole*',
      passTo(['glue.amazonaws.com']),
    ),
  ),
  policy(
    '/',
    'AWSGlueSchemaRegistryFullAccess',
    'Provides full access to the AWS Glue Schema Registry Service',
    allow(
      'glue:CreateRegistry glue:UpdateRegistry glue:DeleteRegistry glue:GetRegistry glue:ListRegistries glue:CreateSchema ' +
        'glue:UpdateSchema glue:DeleteSchema glue:GetSchema glue:ListSchemas glue:RegisterSchemaVersion ' +
        'glue:DeleteSchemaVersions glue:GetSchemaByDefinition glue:GetSchemaVersion glue:GetSchemaVersionsDiff ' +
        'glue:ListSchemaVersions glue:CheckSchemaVersionValidity glue:PutSchemaVersionMetadata ' +
        'glue:RemoveSchemaVersionMetadata glue:QuerySchemaVersionMetadata',
    ),
    allow(
      'glue:GetTags glue:TagResource glue:UntagResource',
      'arn:aws:glue:*:*:schema/* arn:aws:glue:*:*:registry/*',
    ),
  ),
  policy(
    '/',
    'AWSGlueSchemaRegistryReadonlyAccess',
    'Provides readonly access to the AWS Glue Schema Registry Service',
    allow(
      'glue:GetRegistry glue:ListRegistries glue:GetSchema glue:ListSchemas glue:GetSchemaByDefinition ' +
        'glue:GetSchemaVersion glue:ListSchemaVersions glue:GetSchemaVersionsDiff glue:CheckSchemaVersionValidity ' +
        'glue:QuerySchemaVersionMetadata glue:GetTags',
    ),
  ),
  policy('/', 'AdministratorAccess', 'Provides full access to AWS services and resources.', allow('*')),
  policy(
    '/',
    'AmazonS3FullAccess',
    'Provides full access to all buckets via the AWS Management Console.',
    allow('s3:* s3-object-lambda:*'),
  ),
  policy(
    '/',
    'AmazonS3ReadOnlyAccess',
    'Provides read only access to all buckets via the AWS Management Console.',
    allow('s3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*'),
  ),
  policy(
    '/',
    'AmazonDynamoDBFullAccess',
    'Provides full access to Amazon DynamoDB.',
    allow('dynamodb:* dax:*'),
  ),
  policy(
    '/',
    'AmazonDynamoDBReadOnlyAccess',
    'Provides read only access to Amazon DynamoDB.',
    allow(
      'dynamodb:BatchGetItem dynamodb:Describe* dynamodb:List* dynamodb:GetAbacStatus dynamodb:GetItem ' +
        'dynamodb:GetResourcePolicy dynamodb:Query dynamodb:Scan dynamodb:PartiQLSelect dax:Describe* dax:List* ' +
        'dax:GetItem dax:BatchGetItem dax:Query dax:Scan cloudwatch:DescribeAlarms cloudwatch:ListMetrics',
    ),
  ),
  policy(
    '/',
    'AmazonAthenaFullAccess',
    'Provides full access to Amazon Athena and scoped access to the dependencies needed to enable querying and writing results.',
    allow('athena:*'),
    allow(
      'glue:CreateDatabase glue:DeleteDatabase glue:GetCatalog glue:GetCatalogs glue:GetDatabase glue:GetDatabases ' +
        'glue:UpdateDatabase glue:CreateTable glue:DeleteTable glue:BatchDeleteTable glue:UpdateTable glue:GetTable ' +
        'glue:GetTables glue:BatchCreatePartition glue:CreatePartition glue:DeletePartition glue:BatchDeletePartition ' +
        'glue:UpdatePartition glue:GetPartition glue:GetPartitions glue:BatchGetPartition ' +
        'glue:StartColumnStatisticsTaskRun glue:GetColumnStatisticsTaskRun glue:GetColumnStatisticsTaskRuns',
    ),
    allow(
      's3:GetBucketLocation s3:GetObject s3:ListBucket s3:ListBucketMultipartUploads s3:ListMultipartUploadParts ' +
        's3:AbortMultipartUpload s3:CreateBucket s3:PutObject s3:PutBucketPublicAccessBlock',
      'arn:aws:s3:::aws-athena-query-results-*',
    ),
    allow('s3:GetObject s3:ListBucket', 'arn:aws:s3:::athena-examples*'),
    allow('s3:ListBucket s3:GetBucketLocation s3:ListAllMyBuckets lakeformation:GetDataAccess'),
  ),
  policy('/', 'CloudWatchLogsFullAccess', 'Provides full access to CloudWatch Logs', allow('logs:*')),
  policy(
    '/',
    'CloudWatchLogsReadOnlyAccess',
    'Provides read only access to CloudWatch Logs',
    allow(
      'logs:Describe* logs:Get* logs:List* logs:StartQuery logs:StopQuery logs:TestMetricFilter logs:FilterLogEvents',
    ),
  ),
  policy('/', 'AWSBatchFullAccess', 'Provides full access for AWS Batch resources.', allow('batch:*')),
  policy(
    '/',
    'AmazonEventBridgeFullAccess',
    'Provides full access to Amazon EventBridge.',
    allow('events:* scheduler:*'),
  ),
  policy('/', 'AWSLambda_FullAccess', 'Grants full access to AWS Lambda service', allow('lambda:*')),
  policy(
    '/service-role/',
    'AWSLambdaBasicExecutionRole',
    'Provides write permissions to CloudWatch Logs.',
    allow(WRITE_LOGS),
  ),
  policy(
    '/service-role/',
    'AWSLambdaVPCAccessExecutionRole',
    'Provides minimum permissions for a Lambda function to execute while accessing a resource within a VPC',
    allow(
      `${WRITE_LOGS} ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ` +
        'ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses',
    ),
  ),
];
