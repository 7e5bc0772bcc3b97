// The owner that S3 shows for everything: a canonical id of 64 hexadecimal digits made from the account.
import { createHash } from 'node:crypto';

export function ownerOf(accountId: string): { ID: string } {
  return { ID: createHash('sha256').update(accountId).digest('hex') };
}
