// ARNs of Batch's resources, and names given in their place.

export interface ArnScope {
  region: string;
  accountId: string;
}

export type BatchResourceKind = 'compute-environment' | 'job-queue' | 'job-definition' | 'job';

export function batchArn({ region, accountId }: ArnScope, kind: BatchResourceKind, name: string): string {
  return `arn:aws:batch:${region}:${accountId}:${kind}/${name}`;
}

/** The name in an ARN of that kind, in whatever region; a name is its own. */
export function nameOfArn(kind: BatchResourceKind, nameOrArn: string): string {
  const match = /^arn:[^:]*:batch:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(nameOrArn);
  return match?.[1] === kind ? (match[2] as string) : nameOrArn;
}
