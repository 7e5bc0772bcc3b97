// Two hundred rules with content patterns of every operator, and events some of which some of them match.

export const BUS = 'bench';
export const RULE_COUNT = 200;

/** Ten kinds of patterns, twenty rules of each. One event in four or so matches one of them. */
export function rulePattern(index: number): string {
  const [kind, at] = [index % 10, Math.floor(index / 10)];
  const amount = 1000 * at;
  const kinds: object[] = [
    { source: [`shop.${at}`], detail: { state: ['placed'] } },
    { detail: { customer: { email: [{ suffix: `@customers-${at}.example` }] } } },
    {
      'detail-type': [{ prefix: `Order ${at} ` }],
      detail: { state: [{ 'anything-but': ['placed', 'paid'] }] },
    },
    { detail: { amount: [{ numeric: ['>=', amount, '<', amount + 50] }] } },
    { detail: { address: [{ cidr: `10.${at}.0.0/16` }] } },
    { detail: { file: [{ wildcard: `orders/${at}/*/part-*.csv` }] } },
    { detail: { country: [{ 'equals-ignore-case': `C${at}` }], coupon: [{ exists: false }] } },
    { detail: { items: { sku: [{ prefix: `sku-${at}-` }], count: [{ numeric: ['>', 5] }] } } },
    { detail: { state: [{ 'anything-but': { prefix: 'p' } }], shop: [at] } },
    { $or: [{ detail: { amount: [{ numeric: ['=', -1 - at] }] } }, { detail: { country: [`X${at}`] } }] },
  ];
  return JSON.stringify(kinds[kind]);
}

/** An order with thirty fields: about 1 KB. */
export function orderEvent(number: number): {
  Source: string;
  DetailType: string;
  Detail: string;
  EventBusName: string;
} {
  const shop = 18 + (number % 40);
  const detail = {
    state: number % 3 === 0 ? 'placed' : 'shipped',
    shop,
    amount: (number * 37) % 100_000,
    country: `c${number % 500}`,
    address: `10.${number % 256}.1.7`,
    file: `orders/${shop}/2024/part-${number % 100}.csv`,
    customer: { id: number, email: `someone@customers-${number % 900}.example` },
    items: Array.from({ length: 4 }, (_, index) => ({
      sku: `sku-${shop}-${index}`,
      count: index + (number % 4),
    })),
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`field_${index}`, `value ${number + index}`]),
    ),
  };
  return {
    Source: `shop.${shop}`,
    DetailType: `Order ${shop} changed`,
    Detail: JSON.stringify(detail),
    EventBusName: BUS,
  };
}
