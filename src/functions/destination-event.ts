// The event that a Lambda destination puts on a bus. Source: AWS docs, "Capturing records of asynchronous invocations".
import type { AwsEvent } from '../events/event.js';

/** @param record the invocation's record as JSON text */
export function destinationEvent(record: string, busArn: string): AwsEvent {
  const detail = JSON.parse(record) as { requestContext?: { functionArn?: string; condition?: string } };
  const { functionArn, condition } = detail.requestContext ?? {};
  return {
    source: 'lambda',
    detailType: `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`,
    resources: [busArn, ...(functionArn === undefined ? [] : [functionArn])],
    detail,
  };
}
