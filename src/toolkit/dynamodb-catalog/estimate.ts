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

/** AWS's page on Glue's prices: what a crawl is billed at least. */
const CRAWL_MINUTES_MIN = 10;

/** In US dollars. */
export interface Prices {
  perMillionReadUnits: number | undefined;
  /** One DPU for as long as the crawl takes: how many a crawler uses is not documented. */
  perCrawlerHour: number | undefined;
  /** Whose prices these are, as the end of a sentence. */
  source: string;
}

interface PublishedPrices {
  region: string;
  /** Day from which they hold. */
  date: string;
  perMillionReadUnits: number;
  perCrawlerHour: number;
}

/** On-demand reads of DynamoDB and DPU hours of Glue, as their pages of prices say. */
const PUBLISHED: readonly PublishedPrices[] = [
  { region: 'us-east-1', date: '2024-11-01', perMillionReadUnits: 0.125, perCrawlerHour: 0.44 },
];

export type GivenPrices = Partial<Pick<Prices, 'perMillionReadUnits' | 'perCrawlerHour'>>;

/** What is given goes before what is published for the region; prices of another region are never taken. */
export function pricesOf(region: string, given: GivenPrices = {}): Prices {
  const published = PUBLISHED.find((prices) => prices.region === region);
  const { perMillionReadUnits = published?.perMillionReadUnits, perCrawlerHour = published?.perCrawlerHour } =
    given;
  const names = { perMillionReadUnits: 'read units', perCrawlerHour: 'crawls' } as const;
  const givenNames = (Object.keys(names) as (keyof typeof names)[]).filter(
    (name) => given[name] !== undefined,
  );
  const isAllGiven = givenNames.length === 2;
  const parts = [
    ...(givenNames.length > 0 ? [`as given for ${givenNames.map((name) => names[name]).join(' and ')}`] : []),
    ...(published && !isAllGiven
      ? [`of ${region} as AWS published them for ${published.date}; they may have changed`]
      : []),
    ...(published || isAllGiven ? [] : [`not known for ${region}: give them`]),
  ];
  return { perMillionReadUnits, perCrawlerHour, source: parts.join(', otherwise ') };
}

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
  settings: Pick<CatalogSettings, 'scan' | 'scanRate' | 'engine'> &
    Partial<Pick<CatalogSettings, 'maxReadUnits'>>,
  prices: Prices,
): ScanEstimate {
  const isAll = settings.scan === 'all' && settings.engine === 'crawler';
  const bytes = isAll ? table.TableSizeBytes : Math.min(table.TableSizeBytes, SAMPLE_BYTES);
  // Half a unit is the least that a page takes, also of an empty table.
  const readUnits = Math.max(0.5, Math.ceil(bytes / 4096) * (4096 / BYTES_PER_UNIT));
  const readUnitsPerSecond = paceOf(table, settings);
  const seconds = readUnits / readUnitsPerSecond;
  const { perMillionReadUnits, perCrawlerHour } = prices;
  const billedHours = Math.max(seconds / 3600, CRAWL_MINUTES_MIN / 60);
  return {
    TableName: table.TableName,
    items: table.ItemCount,
    bytes: table.TableSizeBytes,
    billing: table.billing,
    readUnits,
    readUnitsPerSecond,
    seconds,
    readCost: table.billing === 'provisioned' ? 0 : times(readUnits / 1e6, perMillionReadUnits),
    crawlCost: settings.engine === 'direct' ? 0 : times(billedHours, perCrawlerHour),
  };
}

/** Read units a second for a scan of the table; `scanRate` undefined is AWS's default. */
export function paceOf(
  table: DynamodbTable,
  { scanRate, maxReadUnits = Infinity }: Partial<Pick<CatalogSettings, 'scanRate' | 'maxReadUnits'>>,
): number {
  const isOnDemand = table.billing === 'on-demand';
  const capacity = table.readUnitsPerSecond ?? (isOnDemand ? ON_DEMAND_UNITS : 1);
  const share = scanRate ?? (isOnDemand ? DEFAULT_RATE.onDemand : DEFAULT_RATE.provisioned);
  return Math.min(capacity * share, maxReadUnits);
}

function times(count: number, price: number | undefined): number | undefined {
  return price === undefined ? undefined : count * price;
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
