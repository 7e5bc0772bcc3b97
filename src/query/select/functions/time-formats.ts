// Formats of dates and times, as MySQL and Joda write them, in the letters of strftime.

/** date_format and date_parse. `%D %U %u %V %w %X` are not there in Trino either. */
const MYSQL: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

/** Undefined with a letter that Trino does not have. */
export function mysqlFormat(format: string): string | undefined {
  let isKnown = true;
  const text = format.replace(/%([\s\S])|%$/g, (_, letter: string = '') => {
    if (/^[DUuVwX]?$/.test(letter) && letter !== '%') {
      isKnown = false;
      return '';
    }
    return MYSQL[letter] ?? letter;
  });
  return isKnown ? text : undefined;
}

const JODA: readonly [pattern: RegExp, text: string][] = [
  [/^y{4,}|^Y{4,}|^y$|^Y$/, '%Y'],
  [/^yy$|^YY$/, '%y'],
  [/^x{4,}|^x$/, '%G'],
  [/^MMMM+$/, '%B'],
  [/^MMM$/, '%b'],
  [/^MM$/, '%m'],
  [/^M$/, '%-m'],
  [/^dd$/, '%d'],
  [/^d$/, '%-d'],
  [/^DDD$/, '%j'],
  [/^D$/, '%-j'],
  [/^ww$/, '%V'],
  [/^e$/, '%u'],
  [/^EEEE+$/, '%A'],
  [/^E{1,3}$/, '%a'],
  [/^HH$/, '%H'],
  [/^H$/, '%-H'],
  [/^hh$/, '%I'],
  [/^h$/, '%-I'],
  [/^mm$/, '%M'],
  [/^m$/, '%-M'],
  [/^ss$/, '%S'],
  [/^s$/, '%-S'],
  [/^SSS$/, '%g'],
  [/^SSSSSS$/, '%f'],
  [/^a+$/, '%p'],
];

/** format_datetime and parse_datetime. Undefined with letters that are not known here. */
export function jodaFormat(format: string): string | undefined {
  let text = '';
  for (let at = 0; at < format.length;) {
    const character = format[at] as string;
    if (character === "'") {
      const quoted = /^'((?:[^']|'')*)'/.exec(format.slice(at));
      if (!quoted) return undefined;
      text += quoted[0] === "''" ? "'" : escaped((quoted[1] as string).replaceAll("''", "'"));
      at += quoted[0].length;
    } else if (/[A-Za-z]/.test(character)) {
      const letters = (/^(.)\1*/.exec(format.slice(at)) as RegExpExecArray)[0];
      const found = JODA.find(([pattern]) => pattern.test(letters));
      if (!found) return undefined;
      text += found[1];
      at += letters.length;
    } else {
      text += escaped(character);
      at += 1;
    }
  }
  return text;
}

const escaped = (text: string) => text.replaceAll('%', '%%');
