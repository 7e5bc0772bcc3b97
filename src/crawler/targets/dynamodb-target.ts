// A DynamoDB target: the table of a crawl, and how much of it is read.
import type { DynamoDBTarget } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';

export interface DynamodbTarget {
  table: string;
  /** False for a sample. */
  isScannedWhole: boolean;
}

/** Source: AWS docs, DynamoDBTarget: "The valid values are null or a value between 0.1 to 1.5". */
const SCAN_RATE = { min: 0.1, max: 1.5 };

/**
 * The scan rate is checked and kept, and nothing waits for it: a table here has no capacity that others would miss.
 * @throws AwsError InvalidInputException that names the member, its value and what is allowed
 */
export function parseDynamodbTarget({ Path = '', scanAll, scanRate }: DynamoDBTarget): DynamodbTarget {
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(Path)) {
    throw new AwsError(
      'InvalidInputException',
      `DynamoDB target path ${JSON.stringify(Path)} is no name of a table: 3 to 255 of a-z, A-Z, 0-9, _, - and dot.`,
    );
  }
  if (scanRate !== undefined && !(scanRate >= SCAN_RATE.min && scanRate <= SCAN_RATE.max)) {
    throw new AwsError(
      'InvalidInputException',
      `scanRate ${scanRate} of DynamoDB target ${Path} is not between ${SCAN_RATE.min} and ${SCAN_RATE.max}. Leave it out for AWS's default.`,
    );
  }
  // AWS docs: "If no value is specified, the value defaults to true."
  return { table: Path, isScannedWhole: scanAll ?? true };
}
