// What a message in a crawler's queue tells: which objects of which bucket came or went.
//
// S3 sends records to a queue itself, wrapped when SNS stands between, or as events when EventBridge does.

export interface ChangedObject {
  bucket: string;
  key: string;
}

/** The objects that the message is about, none for S3's test of the queue; undefined for what is no message of S3. */
export function changedObjects(body: string): ChangedObject[] | undefined {
  const message = parseObject(body);
  if (!message) return undefined;
  if (message.Type === 'Notification' && typeof message.Message === 'string')
    return changedObjects(message.Message);
  if (message.Event === 's3:TestEvent') return [];
  if (message.source === 'aws.s3') {
    const { bucket, object } = (message.detail ?? {}) as {
      bucket?: { name?: unknown };
      object?: { key?: unknown };
    };
    return typeof bucket?.name === 'string' && typeof object?.key === 'string'
      ? [{ bucket: bucket.name, key: object.key }]
      : undefined;
  }
  if (!Array.isArray(message.Records)) return undefined;
  const objects: ChangedObject[] = [];
  for (const record of message.Records as unknown[]) {
    const { s3 } = (record ?? {}) as { s3?: { bucket?: { name?: unknown }; object?: { key?: unknown } } };
    const [bucket, key] = [s3?.bucket?.name, s3?.object?.key];
    if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
    const decoded = decodeKey(key);
    if (decoded === undefined) return undefined;
    objects.push({ bucket, key: decoded });
  }
  return objects;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A message that is no JSON is somebody else's.
    return undefined;
  }
}

/** AWS docs: "Event message structure": the key is URL-encoded, spaces as +. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
