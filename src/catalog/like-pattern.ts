// SQL's LIKE, in time proportional to pattern times value at worst.

/** `%` stands for any text, `_` for one character (code point); nothing escapes them. */
export function likeMatcher(pattern: string): (value: string) => boolean {
  const wanted = Array.from(pattern);
  return (value) => {
    const given = Array.from(value);
    let at = 0;
    let next = 0;
    // Where to take up again when what follows the last % does not fit: one more character goes to that %.
    let afterPercent = -1;
    let percentEnd = 0;
    while (at < given.length) {
      if (wanted[next] === '%') {
        afterPercent = ++next;
        percentEnd = at;
      } else if (next < wanted.length && (wanted[next] === '_' || wanted[next] === given[at])) {
        next++;
        at++;
      } else if (afterPercent >= 0) {
        next = afterPercent;
        at = ++percentEnd;
      } else {
        return false;
      }
    }
    while (wanted[next] === '%') next++;
    return next === wanted.length;
  };
}
