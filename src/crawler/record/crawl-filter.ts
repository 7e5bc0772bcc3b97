// Filters of ListCrawls.
import type { CrawlsFilter } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import type { CrawlRecord } from './crawl-history.js';

/** A crawl on this machine takes nobody's capacity. */
export const DPU_HOUR = 0;

type Comparison = (crawl: CrawlRecord) => boolean;

/**
 * True for crawls that all filters let through. Times are given as milliseconds since the epoch or in ISO 8601.
 * @throws AwsError InvalidInputException for a value or operator that the field cannot be compared by
 */
export function crawlFilter(filters: readonly CrawlsFilter[]): Comparison {
  const comparisons = filters.map(compileFilter);
  return (crawl) => comparisons.every((matches) => matches(crawl));
}

function compileFilter({ FieldName, FilterOperator, FieldValue }: CrawlsFilter): Comparison {
  const refuse = (why: string): never => {
    throw new AwsError(
      'InvalidInputException',
      `Filter ${FieldName} ${FilterOperator} ${JSON.stringify(FieldValue)} is not valid: ${why}.`,
    );
  };
  if (FieldName === undefined || FilterOperator === undefined || FieldValue === undefined) {
    return refuse('FieldName, FilterOperator and FieldValue must be given');
  }
  const byText = (textOf: (crawl: CrawlRecord) => string): Comparison => {
    if (FilterOperator !== 'EQ' && FilterOperator !== 'NE')
      return refuse(`${FieldName} takes EQ and NE only`);
    return (crawl) => (textOf(crawl) === FieldValue) === (FilterOperator === 'EQ');
  };
  const byNumber = (value: number, numberOf: (crawl: CrawlRecord) => number | undefined): Comparison => {
    if (Number.isNaN(value)) return refuse(`it cannot be read as a ${FieldName}`);
    return (crawl) => {
      const number = numberOf(crawl);
      return number !== undefined && compare(number, FilterOperator, value);
    };
  };
  switch (FieldName) {
    case 'CRAWL_ID':
      return byText((crawl) => crawl.crawlId);
    case 'STATE':
      return byText((crawl) => crawl.state);
    case 'START_TIME':
      return byNumber(instant(FieldValue), (crawl) => crawl.startTime.getTime());
    case 'END_TIME':
      return byNumber(instant(FieldValue), (crawl) => crawl.endTime?.getTime());
    case 'DPU_HOUR':
      return byNumber(Number(FieldValue), () => DPU_HOUR);
    default:
      return refuse('its field is unknown');
  }
}

function compare(a: number, operator: string, b: number): boolean {
  switch (operator) {
    case 'GT':
      return a > b;
    case 'GE':
      return a >= b;
    case 'LT':
      return a < b;
    case 'LE':
      return a <= b;
    case 'NE':
      return a !== b;
    default:
      return a === b;
  }
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}
