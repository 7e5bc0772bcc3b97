// Events as the services of an account tell them to each other.

/** What EventBridge carries, without what a bus adds: id, time, account and region. */
export interface AwsEvent {
  /** E.g. `aws.glue`. */
  source: string;
  /** E.g. `Glue Crawler State Change`. */
  detailType: string;
  /** ARNs of what it is about. */
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
}

/** An event as it is on a bus, with all that rules may ask for. */
export type BusEvent = Readonly<Record<string, unknown>>;

/**
 * Puts an event on the account's default bus. It is stored at once: called within the transaction that makes the change
 * it tells of, change and event are kept together or not at all. Delivery comes later and never fails the caller.
 */
export type EmitEvent = (event: AwsEvent) => void;

/** For a part that is opened without buses. */
export const tellNobody: EmitEvent = () => {};
