// format('%,d of %s', ...): Java's format texts, taken apart when the query is translated.
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { valueText } from '../../results/value-text.js';
import { isFloating, isInteger, isNumeric, isSimple } from '../trino-type.js';
import type { TypedSql } from '../typed-sql.js';
import { define, literalText, type CallContext } from './function-definition.js';

/** `%1$-10s`, `%,.2f`, `%%`. */
const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

interface Specifier {
  flags: string;
  width: number;
  precision: number | undefined;
  conversion: string;
}

/** The arguments behind the text may be of any types. */
const ARGUMENT_LETTERS = ['A', 'B', 'C', 'E', 'F', 'G', 'H', 'K'];

export const FORMAT_FUNCTIONS = define(
  'scalar',
  ARGUMENT_LETTERS.map((_, last) => [
    'format',
    ['varchar', ...ARGUMENT_LETTERS.slice(0, last + 1)].join(', '),
    'varchar',
    formatted,
  ]),
);

function formatted(args: TypedSql[], context: CallContext): string {
  const text = literalText(args, 0, context);
  const parts: string[] = [];
  let end = 0;
  let next = 1;
  for (const match of text.matchAll(SPECIFIER)) {
    const [whole, place, flags = '', width = '0', precision, conversion = ''] = match;
    parts.push(duckdbText(text.slice(end, match.index)));
    end = match.index + whole.length;
    if (conversion === '%') {
      parts.push(`'%'`);
      continue;
    }
    const argument = args[place === undefined ? next++ : Number(place)];
    if (!argument) return context.refuse(`the format text names more arguments than there are: ${whole}`);
    const specifier = {
      flags,
      width: Number(width),
      precision: precision === undefined ? undefined : Number(precision),
      conversion,
    };
    parts.push(`coalesce(${piece(argument, specifier, context)}, 'null')`);
  }
  const rest = text.slice(end);
  if (rest.includes('%')) return context.refuse(`the format text ends in what is no format: ${rest}`);
  parts.push(duckdbText(rest));
  return `(${parts.join(' || ')})`;
}

function piece(argument: TypedSql, { flags, width, precision, conversion }: Specifier, context: CallContext) {
  const refuse = () =>
    context.refuse(`the format %${flags}${width || ''}${conversion} is not supported here for this argument`);
  const isLeft = flags.includes('-');
  if (/[#( ]/.test(flags)) return refuse();
  switch (conversion) {
    case 's':
    case 'S':
    case 'b': {
      if (conversion === 'b' && !isSimple(argument.type, 'boolean')) return refuse();
      const text = valueText(argument.sql, argument.type);
      const shown = conversion === 'S' ? `upper(${text})` : text;
      return padded(
        precision === undefined ? shown : `left(${shown}, ${precision})`,
        width,
        isLeft ? 'right' : 'left',
      );
    }
    case 'd':
      if (!isInteger(argument.type)) return refuse();
      return number(`CAST(${argument.sql} AS BIGINT)`, flags.includes(',') ? '{:,}' : '{}', flags, width);
    case 'x':
    case 'X':
      if (!isInteger(argument.type) || /[+,]/.test(flags)) return refuse();
      return number(`CAST(${argument.sql} AS BIGINT)`, `{:${conversion}}`, flags, width);
    case 'f': {
      if (!isNumeric(argument.type) || isInteger(argument.type)) return refuse();
      const digits = precision ?? 6;
      // Java rounds halves away from zero, as round() does; the printer alone would go by the binary value.
      const rounded = isFloating(argument.type)
        ? `round(CAST(${argument.sql} AS DOUBLE), ${digits})`
        : `CAST(round(${argument.sql}, ${digits}) AS DOUBLE)`;
      return number(rounded, `{:${flags.includes(',') ? ',' : ''}.${digits}f}`, flags, width);
    }
    default:
      return refuse();
  }
}

/** Zeros go behind the sign, blanks before it. */
function number(value: string, form: string, flags: string, width: number): string {
  const digits = `format('${form}', abs(${value}))`;
  const sign = `CASE WHEN ${value} < 0 THEN '-' ELSE '${flags.includes('+') ? '+' : ''}' END`;
  if (flags.includes('0')) {
    return `(${sign} || lpad(${digits}, CAST(greatest(length(${digits}), ${width} - length(${sign})) AS INTEGER), '0'))`;
  }
  return padded(`(${sign} || ${digits})`, width, flags.includes('-') ? 'right' : 'left');
}

/** Blanks up to a width; what is longer stays whole. */
function padded(text: string, width: number, side: 'left' | 'right'): string {
  if (width === 0) return text;
  const pad = side === 'left' ? 'lpad' : 'rpad';
  return `${pad}(${text}, CAST(greatest(length(${text}), ${width}) AS INTEGER), ' ')`;
}
