// What AWS asks a call for, after its service authorization reference: an action, and the resources that it is done to.
export interface NeededRight {
  action: string;
  resources: string[];
}

type Input = Record<string, unknown> & {
  Bucket?: string;
  Key?: string;
  DatabaseName?: string;
  DatabaseInput?: { Name: string };
  TableInput?: { Name: string };
  TablesToDelete?: string[];
};

const glue = (...names: string[]) => names.map((name) => `arn:aws:glue:us-east-1:123456789012:${name}`);

/** @param operation of Glue, S3 or STS; undefined is asked for nothing */
export function neededRight(operation: string, input: Input): NeededRight | undefined {
  const object = [`arn:aws:s3:::${input.Bucket}/${input.Key}`];
  if (operation === 'GetCallerIdentity') return undefined;
  if (operation === 'ListObjectsV2') {
    return { action: 's3:ListBucket', resources: [`arn:aws:s3:::${input.Bucket}`] };
  }
  if (/^(?:Get|Put|Delete)Object$/.test(operation)) return { action: `s3:${operation}`, resources: object };
  if (/^(?:GetCrawlers?|ListCrawls)$/.test(operation)) {
    return { action: `glue:${operation}`, resources: glue('crawler/any') };
  }
  const named = /^(?:Get|Update|Delete)Database$/.test(operation) ? String(input['Name']) : undefined;
  const database = input.DatabaseName ?? input.DatabaseInput?.Name ?? named;
  const single =
    input.TableInput?.Name ?? input['TableName'] ?? (operation === 'GetTable' ? input['Name'] : undefined);
  const tables = input.TablesToDelete ?? (typeof single === 'string' ? [single] : []);
  return {
    action: `glue:${operation}`,
    resources: glue(
      'catalog',
      ...(database === undefined ? [] : [`database/${database}`]),
      ...tables.map((table) => `table/${database}/${table}`),
    ),
  };
}
