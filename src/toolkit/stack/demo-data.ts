// Made-up data sets for the demo, the same for the same seed: weather as CSV in two parts, traffic incidents as JSON lines.

export interface GeneratedFile {
  name: string;
  content: string;
}

export interface GenerateOptions {
  /** Any whole number; the same one gives the same bytes. Default 1. */
  seed?: number;
  /** Rows in all files together. Default 192 for weather (two days), 60 for incidents. */
  rowCount?: number;
}

/**
 * The files of a data set.
 * `weather`: two CSV parts with the same header of 30 columns, two of them dates, `---` where the wind has no direction.
 * `incidents`: one file of JSON lines with arrays, a nested object, nulls, and keys that are null in every line.
 */
export function generateData(
  dataset: 'weather' | 'incidents',
  options: GenerateOptions = {},
): GeneratedFile[] {
  const random = seededRandom(options.seed ?? 1);
  return dataset === 'weather'
    ? weatherFiles(random, options.rowCount ?? 192)
    : [{ name: 'incidents.json', content: incidentLines(random, options.rowCount ?? 60) }];
}

const WEATHER_HEADER = [
  ...[
    'RowID',
    'DateTime',
    'TempOut',
    'HiTemp',
    'LowTemp',
    'OutHum',
    'DewPt',
    'WindSpeed',
    'WindDir',
    'WindRun',
  ],
  ...[
    'HiSpeed',
    'HiDir',
    'WindChill',
    'HeatIndex',
    'THWIndex',
    'Bar',
    'Rain',
    'RainRate',
    'HeatDD',
    'CoolDD',
  ],
  ...[
    'InTemp',
    'InHum',
    'InDew',
    'InHeat',
    'InEMC',
    'InAirDensity',
    'WindSamp',
    'WindTx',
    'ISSRecpt',
    'ArcInt',
  ],
];
const WEATHER_START_MS = Date.UTC(2024, 2, 4);
const WEATHER_STEP_MS = 15 * 60 * 1000;
const DIRECTIONS = ['N', 'NNE', 'NE', 'E', 'SE', 'SSE', 'S', 'SW', 'WSW', 'W', 'NW', 'NNW'];

function weatherFiles(random: Random, rowCount: number): GeneratedFile[] {
  const rows = Array.from({ length: rowCount }, (_, index) => weatherRow(random, index).join(','));
  const half = Math.ceil(rowCount / 2);
  return [rows.slice(0, half), rows.slice(half)].map((part, index) => ({
    name: `weather-part${index}.csv`,
    content: [WEATHER_HEADER.join(','), ...part, ''].join('\n'),
  }));
}

function weatherRow(random: Random, index: number): (string | number)[] {
  const time = new Date(WEATHER_START_MS + index * WEATHER_STEP_MS);
  const hour = time.getUTCHours() + time.getUTCMinutes() / 60;
  const warmth = Math.cos(((hour - 15) / 24) * 2 * Math.PI);
  const outside = 54 + 9 * warmth + random.between(-0.6, 0.6);
  const humidity = Math.round(74 - 16 * warmth + random.between(-3, 3));
  const inside = 67 + random.between(-1.5, 1.5);
  const dew = outside - (100 - humidity) / 2.8;
  const windSpeed = Math.max(0, Math.round(5 * warmth + random.between(-3, 3)));
  const gust = windSpeed === 0 ? 0 : windSpeed + random.index(4);
  const direction = windSpeed === 0 ? '---' : random.pick(DIRECTIONS);
  return [
    ...[time.toISOString().slice(0, 19), twelveHourTime(time)],
    ...[
      round(outside, 1),
      round(outside + random.between(0, 0.5), 1),
      round(outside - random.between(0, 0.5), 1),
    ],
    ...[humidity, round(dew, 1), windSpeed, direction, round(windSpeed / 4, 2), gust],
    ...[gust === 0 ? '---' : random.pick(DIRECTIONS)],
    ...[round(outside - windSpeed / 3, 1), round(outside + 0.1, 1), round(outside - windSpeed / 3 + 0.1, 1)],
    ...[round(29.9 + 0.05 * warmth + random.between(-0.02, 0.02), 3), 0, 0],
    ...[round(Math.max(0, 65 - outside) / 96, 3), 0, round(inside, 1), 45 + random.index(12)],
    ...[
      round(inside - 19 + random.between(-2, 2), 1),
      round(inside - 1.2, 1),
      round(8.4 + random.between(-1, 1), 2),
    ],
    ...[round(0.0742 + random.between(-0.0006, 0.0006), 4), 340 + random.index(12), 1, 100, 15],
  ];
}

function twelveHourTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hour = time.getUTCHours();
  const date = `${two(time.getUTCMonth() + 1)}/${two(time.getUTCDate())}/${time.getUTCFullYear()}`;
  return `${date} ${two(hour % 12 === 0 ? 12 : hour % 12)}:${two(time.getUTCMinutes())}:00 ${hour < 12 ? 'AM' : 'PM'}`;
}

const VEHICLES = ['CAR', 'VAN', 'LIGHT TRUCK', 'MOTORCYCLE', 'BUS', 'BICYCLE'];
const FACTORS = ['NONE', 'TOO FAST FOR CONDITIONS', 'DISTRACTED', 'DID NOT YIELD', 'WORN TIRES'];
const STREETS = ['HARBOR ST', 'MILL LANE', 'COLLEGE AVE', 'OLD FERRY RD', 'ORCHARD WAY', 'STATION SQ'];

function incidentLines(random: Random, rowCount: number): string {
  return Array.from({ length: rowCount }, (_, index) => JSON.stringify(incident(random, index)) + '\n').join(
    '',
  );
}

function incident(random: Random, index: number): Record<string, unknown> {
  const time = new Date(Date.UTC(2023, 0, 2, 6) + index * 5.37 * 3600 * 1000 + random.index(3600) * 1000);
  const iso = time.toISOString();
  const vehicles = Array.from({ length: 1 + random.index(3) }, () => random.pick(VEHICLES));
  const factors = vehicles.map(() => random.pick(FACTORS));
  // The digit at the end keeps every coordinate a decimal number, so that its type does not hang on luck.
  const latitude = Number(`${round(35.7 + random.between(0, 0.15), 5).toFixed(5)}7`);
  const longitude = Number(`${round(-78.9 + random.between(0, 0.2), 5).toFixed(5)}3`);
  const injured = random.index(5) === 0 ? 1 + random.index(2) : 0;
  const isWet = random.index(4) === 0;
  return {
    vehicle4: null,
    contrfact1: factors[0],
    month: String(time.getUTCMonth() + 1),
    weather: isWet ? 'RAIN' : random.pick(['CLEAR', 'CLOUDY', 'FOG']),
    fatalities: 'No',
    numpassengers: random.index(3) === 0 ? null : random.index(4),
    year: String(time.getUTCFullYear()),
    injuries: injured > 0 ? 'Yes' : 'No',
    ta_date: iso.slice(0, 10),
    zone: random.pick(['NORTH', 'SOUTH', '104', '117']),
    vehicle1: vehicles[0],
    vehicle2: vehicles[1] ?? null,
    vehicle3: vehicles[2] ?? null,
    lon: longitude,
    vehicle5: null,
    contributing_factor: factors,
    geo_location: { lat: latitude, lon: longitude },
    rdconfigur: random.pick([['ONE-WAY'], ['TWO-WAY', 'DIVIDED'], ['TWO-WAY', 'NOT DIVIDED']]),
    trafcontrl: random.pick(['SIGNAL', 'STOP SIGN', 'NO CONTROL']),
    ta_time: twelveHourTime(time).slice(11, 16) + twelveHourTime(time).slice(19),
    contrcir4_desc: null,
    vehicleconcat2: vehicles.length > 1 ? vehicles.join(',') : null,
    vehicleconcat3: vehicles.length > 2 ? vehicles.join(',') : null,
    rdfeature: random.pick(['NO SPECIAL FEATURE', 'DRIVEWAY', 'BRIDGE', 'CROSSING']),
    rdcondition: isWet ? 'WET' : 'DRY',
    contrcir2_desc: null,
    lightcond: time.getUTCHours() > 6 && time.getUTCHours() < 19 ? 'DAYLIGHT' : 'DARK - LIT ROADWAY',
    contrcir3_desc: factors[1] ?? null,
    records: 5001 + index,
    contrfact2: factors.length > 1 ? factors.join(',') : null,
    fatality: 0,
    tract: `T${String(10 + random.index(80)).padStart(3, '0')}`,
    lat: latitude,
    crash_date: `${iso.slice(0, 19)}+00:00`,
    vehicle_type: vehicles,
    possblinj: injured,
    rdsurface: random.pick(['ASPHALT', 'CONCRETE', 'GRAVEL']),
    tamainid: 20001 + index,
    rdclass: [random.pick(['TOWN STREET', 'COUNTY ROAD', 'STATE ROUTE'])],
    lat2: Number(`${latitude.toFixed(3)}1`),
    contrcir1_desc: factors[0],
    rdcharacter: [random.pick(['STRAIGHT', 'CURVE']), random.pick(['LEVEL', 'HILL'])],
    location_description: `${5 * (1 + random.index(60))} FEET FROM ${random.pick(STREETS)}`,
    workarea: random.index(10) === 0 ? 'YES' : 'NO',
    vehicleconcat1: vehicles.slice(0, 2).join(','),
    lon2: Number(`${longitude.toFixed(3)}9`),
    numpedestrians: null,
  };
}

interface Random {
  /** In [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, count). */
  index(count: number): number;
  pick<T>(items: readonly T[]): T;
}

// mulberry32: 32 bits of state, one multiplication chain a number; plenty for a demo and the same everywhere.
function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const index = (count: number) => Math.floor(next() * count);
  return {
    between: (low, high) => low + next() * (high - low),
    index,
    pick: <T>(items: readonly T[]) => items[index(items.length)] as T,
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
