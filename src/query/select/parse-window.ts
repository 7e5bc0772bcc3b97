// Windows and sort orders.
import type { FrameBound, SortItem, WindowSpecification } from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** What stands in the brackets behind OVER, or behind a window's name. */
export function parseWindow(reader: TokenReader): WindowSpecification {
  const at = reader.at();
  reader.expect('(');
  const window: WindowSpecification = { partitionBy: [], orderBy: [], at };
  if (reader.isName() && !/^(PARTITION|ROWS|RANGE|GROUPS)$/.test(reader.peek().upper)) {
    window.base = reader.name().toLowerCase();
  }
  if (reader.takes('PARTITION', 'BY')) window.partitionBy = reader.list(() => reader.expression());
  if (reader.takes('ORDER', 'BY')) window.orderBy = parseSortItems(reader);
  const unit = (['ROWS', 'RANGE', 'GROUPS'] as const).find((word) => reader.takes(word));
  if (unit) {
    const isBetween = reader.takes('BETWEEN');
    const start = parseBound(reader);
    if (isBetween) reader.expect('AND');
    window.frame = { unit, start, ...(isBetween && { end: parseBound(reader) }) };
  }
  reader.expect(')');
  return window;
}

function parseBound(reader: TokenReader): FrameBound {
  if (reader.takes('UNBOUNDED', 'PRECEDING')) return { kind: 'unbounded-preceding' };
  if (reader.takes('UNBOUNDED', 'FOLLOWING')) return { kind: 'unbounded-following' };
  if (reader.takes('CURRENT', 'ROW')) return { kind: 'current-row' };
  const count = reader.expression();
  if (reader.takes('PRECEDING')) return { kind: 'preceding', count };
  reader.expect('FOLLOWING');
  return { kind: 'following', count };
}

export function parseSortItems(reader: TokenReader): SortItem[] {
  return reader.list(() => {
    const at = reader.at();
    const value = reader.expression();
    const isDescending = reader.takes('DESC');
    if (!isDescending) reader.takes('ASC');
    let nulls: SortItem['nulls'] = 'last';
    if (reader.takes('NULLS', 'FIRST')) nulls = 'first';
    else reader.takes('NULLS', 'LAST');
    return { value, isDescending, nulls, at };
  });
}
