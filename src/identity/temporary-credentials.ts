// Temporary credentials: issued by STS, kept until they have expired, so that requests signed with them can be verified.
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { uniqueId } from './unique-id.js';

export interface TemporaryCredential {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
  /** Who signs with it: `arn:aws:sts::A:assumed-role/NAME/SESSION`, or the root of the account. */
  arn: string;
  /** `AROA...:SESSION`, or the account id for the root. */
  userId: string;
  /** The role that was assumed. */
  roleArn?: string;
}

export interface TemporaryCredentials {
  issue(holder: {
    arn: string;
    userId: string;
    roleArn?: string;
    durationSeconds: number;
  }): TemporaryCredential;
  /** Undefined for an id that was not issued or expired more than a day ago; an expired one is told by `expiration`. */
  find(accessKeyId: string): TemporaryCredential | undefined;
}

const ID_PREFIX = 'ASIA';

// Kept that long after their end, so that a late request is told that they have expired.
const KEPT_AFTER_EXPIRATION_MS = 24 * 3600 * 1000;

export function openTemporaryCredentials(
  state: State,
  { clock, ids }: { clock: Clock; ids: Ids },
): TemporaryCredentials {
  const records = openDocuments<TemporaryCredential>(state, 'sts-credential');
  return {
    issue({ durationSeconds, ...holder }) {
      const nowMs = clock.now().getTime();
      const credential: TemporaryCredential = {
        ...holder,
        accessKeyId: uniqueId(ids, ID_PREFIX),
        secretAccessKey: ids.hex(20),
        sessionToken: Buffer.from(ids.hex(96), 'hex').toString('base64'),
        expiration: new Date(Math.floor(nowMs / 1000 + durationSeconds) * 1000),
      };
      state.transaction(() => {
        for (const { key, document } of records.list()) {
          if (document.expiration.getTime() < nowMs - KEPT_AFTER_EXPIRATION_MS) records.delete(key);
        }
        records.put(credential.accessKeyId, credential);
      });
      return credential;
    },
    // Every request asks, and most are signed with a key of another kind.
    find: (accessKeyId) => (accessKeyId.startsWith(ID_PREFIX) ? records.get(accessKeyId) : undefined),
  };
}
