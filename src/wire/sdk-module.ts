// The SDK's modules, each loaded when its schemas or its client are first needed: together they take longer than all else at start.
import { createRequire } from 'node:module';

interface SdkModules {
  athena: typeof import('@aws-sdk/client-athena');
  batch: typeof import('@aws-sdk/client-batch');
  'cloudwatch-logs': typeof import('@aws-sdk/client-cloudwatch-logs');
  dynamodb: typeof import('@aws-sdk/client-dynamodb');
  eventbridge: typeof import('@aws-sdk/client-eventbridge');
  glue: typeof import('@aws-sdk/client-glue');
  iam: typeof import('@aws-sdk/client-iam');
  lambda: typeof import('@aws-sdk/client-lambda');
  s3: typeof import('@aws-sdk/client-s3');
  scheduler: typeof import('@aws-sdk/client-scheduler');
  sqs: typeof import('@aws-sdk/client-sqs');
  sts: typeof import('@aws-sdk/client-sts');
}

const requireModule = createRequire(import.meta.url);
const loaded: Partial<SdkModules> = {};

/** The module `@aws-sdk/client-<name>`, the same one that `import` gives. */
export function sdkModule<Name extends keyof SdkModules>(name: Name): SdkModules[Name] {
  // Node's own cache looks the path up each time, which is a tenth of a small request.
  return (loaded[name] ??= requireModule(`@aws-sdk/client-${name}`) as SdkModules[Name]);
}
