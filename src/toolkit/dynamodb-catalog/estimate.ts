// What reading DynamoDB tables takes: read units, time and money, before anything is read. Pure.
import type { DynamodbTable } from './dynamodb-table.js';
import type { CatalogSettings } from './settings.js';

/** AWS docs, "Read capacity mode": an eventually consistent read of 4 KB takes half a unit; Scan counts the bytes of a page. */
const BYTES_PER_UNIT = 2 * 4096;
/** AWS docs, Scan: a page has at most 1 MB. What a crawler reads as a sample is not documented: taken for one page. */
const SAMPLE_BYTES = 1024 * 1024;
/** AWS docs, DynamoDBTarget.scanRate: what holds when it is null. */
const DEFAULT_RATE = { provisioned: 0.5, onDemand: 0.25 };
/** AWS docs, DynamoDB quotas: an on-demand table without a maximum of its own, in units a second. */
const ON_DEMAND_UNITS = 40_000;

/** In US dollars, as published for `region` on `date`. Elsewhere prices differ: none is given then. */
export interface Prices {
  date: string;
  region: string;
  perMillionReadUnits: number;
  perCrawlerHour: number;
  /** Minutes that a crawl is billed at least. */
  crawlMinutesMin: number;
}

/** AWS's price pages of DynamoDB and Glue: on-demand reads since November 2024; a crawl at one DPU, 0.44 an hour. */
export const PRICES: readonly Prices[] = [
  {
    date: '2024-11-01',
    region: 'us-east-1',
    perMillionReadUnits: 0.125,
    perCrawlerHour: 0.44,
    crawlMinutesMin: 10,
  },
  {
    date: '2024-11-01',
    region: 'us-east-2',
    perMillionReadUnits: 0.125,
    perCrawlerHour: 0.44,
    crawlMinutesMin: 10,
  },
  {
    date: '2024-11-01',
    region: 'us-west-2',
    perMillionReadUnits: 0.125,
    perCrawlerHour: 0.44,
    crawlMinutesMin: 10,
  },
];

export interface ScanEstimate {
  TableName: string;
  /** By AWS's own count, which is up to six hours old. */
  items: number;
  bytes: number;
  billing: DynamodbTable['billing'];
  /** Read units that the scan consumes. */
  readUnits: number;
  /** Read units a second at which it goes. */
  readUnitsPerSecond: number;
  /** At that pace, of reading alone. */
  seconds: number;
  /** US dollars for the reads: 0 for provisioned tables, whose capacity is paid anyway; undefined without a price. */
  readCost: number | undefined;
  /** US dollars for the crawl; 0 with the direct engine. */
  crawlCost: number | undefined;
}

export function estimateScan(
  table: DynamodbTable,
  settings: Pick<CatalogSettings, 'scan' | 'scanRate' | 'engine'>,
  prices: Prices | undefined,
): ScanEstimate {
  const isAll = settings.scan === 'all' && settings.engine === 'crawler';
  const bytes = isAll ? table.TableSizeBytes : Math.min(table.TableSizeBytes, SAMPLE_BYTES);
  // Half a unit is the least that a page takes, also of an empty table.
  const readUnits = Math.max(0.5, Math.ceil(bytes / 4096) * (4096 / BYTES_PER_UNIT));
  const readUnitsPerSecond = paceOf(table, settings.scanRate);
  const seconds = readUnits / readUnitsPerSecond;
  const readCost =
    table.billing === 'provisioned' ? 0 : prices && (readUnits / 1e6) * prices.perMillionReadUnits;
  const billedHours = prices && Math.max(seconds / 3600, prices.crawlMinutesMin / 60);
  return {
    TableName: table.TableName,
    items: table.ItemCount,
    bytes: table.TableSizeBytes,
    billing: table.billing,
    readUnits,
    readUnitsPerSecond,
    seconds,
    readCost,
    crawlCost: settings.engine === 'direct' ? 0 : prices && (billedHours as number) * prices.perCrawlerHour,
  };
}

/** Read units a second for a scan of the table; `scanRate` undefined is AWS's default. */
export function paceOf(table: DynamodbTable, scanRate: number | undefined): number {
  const isOnDemand = table.billing === 'on-demand';
  const capacity = table.readUnitsPerSecond ?? (isOnDemand ? ON_DEMAND_UNITS : 1);
  return capacity * (scanRate ?? (isOnDemand ? DEFAULT_RATE.onDemand : DEFAULT_RATE.provisioned));
}

export function pricesOf(region: string): Prices | undefined {
  return PRICES.find((prices) => prices.region === region);
}

export interface EstimateTotals {
  tables: number;
  readUnits: number;
  /** Undefined as soon as one is. */
  readCost: number | undefined;
  crawlCost: number | undefined;
}

export function totalOf(estimates: readonly ScanEstimate[]): EstimateTotals {
  const sum = (costs: (number | undefined)[]) =>
    costs.reduce((total, cost) => (total === undefined || cost === undefined ? undefined : total + cost), 0);
  return {
    tables: estimates.length,
    readUnits: estimates.reduce((total, { readUnits }) => total + readUnits, 0),
    readCost: sum(estimates.map(({ readCost }) => readCost)),
    crawlCost: sum(estimates.map(({ crawlCost }) => crawlCost)),
  };
}
