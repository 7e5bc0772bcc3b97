// Reads the rows of an XML text from its start, as far as it goes, and notes the types of what they hold.
import { BIGINT, BOOLEAN, csvCellKind, DOUBLE, EMPTY } from './csv-types.js';
import { noValueSeen, primitive, type HiveType } from './hive-type.js';

export interface XmlElement {
  name: string;
  attributes: [name: string, value: string][];
  children: XmlElement[];
  text: string;
  isSelfClosing: boolean;
  /** False when the text ended before the element did. */
  isWhole: boolean;
}

export interface XmlDocument {
  root: XmlElement;
  /** Why reading stopped before the end of the root element. */
  failure: { reason: string; isCut: boolean } | undefined;
}

/** Deeper nesting is refused: it is not data, and it would exhaust the stack. */
const DEPTH_MAX = 200;

const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^>[]|\[[\s\S]*?\])*>|<\/\s*([^\s>]+)\s*>|<([^\s/>!?][^\s/>]*)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The document that `text` begins; undefined when it does not begin like XML. */
export function readXml(text: string): XmlDocument | undefined {
  if (!/^\s*<[?!A-Za-z_]/.test(text.slice(0, 4096))) return undefined;
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let at = 0;
  const failed = (reason: string, isCut: boolean): XmlDocument | undefined =>
    root && { root, failure: { reason, isCut } };

  while (at < text.length) {
    MARKUP.lastIndex = at;
    const match = MARKUP.exec(text);
    if (!match) {
      const isCut = !text.slice(at + 1).includes('>');
      return failed(`the markup at character ${at} ${isCut ? 'is cut' : 'cannot be read'}`, isCut);
    }
    at = MARKUP.lastIndex;
    const [whole, cdata, closing, opening, attributes = '', slash] = match;
    const parent = open.at(-1);
    if (opening !== undefined) {
      if (root && !parent) return failed('there is more than one root element', false);
      if (open.length === DEPTH_MAX) return failed(`it is nested deeper than ${DEPTH_MAX} levels`, false);
      const element: XmlElement = {
        name: opening,
        attributes: [...attributes.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [
          name as string,
          decode(double ?? single ?? ''),
        ]),
        children: [],
        text: '',
        isSelfClosing: slash === '/',
        isWhole: slash === '/',
      };
      root ??= element;
      parent?.children.push(element);
      if (slash !== '/') open.push(element);
    } else if (closing !== undefined) {
      if (parent?.name !== closing) return failed(`</${closing}> closes what is not open`, false);
      parent.isWhole = true;
      open.pop();
    } else if (cdata !== undefined) {
      if (parent) parent.text += cdata;
    } else if (!whole.startsWith('<')) {
      if (parent) parent.text += decode(whole);
      else if (whole.trim() !== '') return failed('there is text outside of the root element', false);
    }
  }
  if (!root) return undefined;
  return root.isWhole ? { root, failure: undefined } : failed(`<${open.at(-1)?.name}> is not closed`, true);
}

/** Elements of that name which the text holds whole; AWS docs: self-closing ones are no rows. */
export function xmlRows(root: XmlElement, rowTag: string, countMax: number): XmlElement[] {
  const rows: XmlElement[] = [];
  const walk = (element: XmlElement) => {
    if (rows.length === countMax) return;
    if (element.name === rowTag) {
      if (element.isWhole && !element.isSelfClosing) rows.push(element);
    } else element.children.forEach(walk);
  };
  walk(root);
  return rows;
}

/**
 * The types of several elements of one name, as Glue's XML reader names their parts (AWS docs, format options of XML):
 * attributes begin with `_`, text beside other parts is `_VALUE`, children that repeat are arrays. That the crawler names
 * them alike, and which types it gives to text, are guesses.
 */
export function xmlType(elements: readonly XmlElement[]): HiveType {
  const isPlain = elements.every(({ attributes, children }) => attributes.length + children.length === 0);
  if (isPlain) return textType(elements.map(({ text }) => text));
  const members = new Map<string, HiveType>();
  const attributeValues = new Map<string, string[]>();
  const childrenByName = new Map<string, XmlElement[]>();
  const repeated = new Set<string>();
  for (const { attributes, children } of elements) {
    for (const [name, value] of attributes) append(attributeValues, `_${name}`, value);
    const names = new Set<string>();
    for (const child of children) {
      if (names.has(child.name)) repeated.add(child.name);
      names.add(child.name);
      append(childrenByName, child.name, child);
    }
  }
  for (const [name, values] of attributeValues) members.set(name, textType(values));
  for (const [name, children] of childrenByName) {
    const type = xmlType(children);
    members.set(name, repeated.has(name) ? { kind: 'array', item: type } : type);
  }
  const texts = elements.map(({ text }) => text).filter((text) => text.trim() !== '');
  if (texts.length > 0) members.set('_VALUE', textType(texts));
  return { kind: 'struct', members: [...members].map(([name, type]) => ({ name, type })) };
}

function append<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list) list.push(value);
  else lists.set(name, [value]);
}

function textType(texts: readonly string[]): HiveType {
  const kinds = new Set<number>();
  for (const text of texts) {
    const bytes = Buffer.from(text.trim());
    const kind = csvCellKind(bytes, 0, bytes.length);
    if (kind !== EMPTY) kinds.add(kind);
  }
  if (kinds.size === 0) return noValueSeen;
  if (kinds.size === 1 && kinds.has(BOOLEAN)) return primitive('boolean');
  if (kinds.size === 1 && kinds.has(BIGINT)) return primitive('bigint');
  const areNumbers = [...kinds].every((kind) => kind === BIGINT || kind === DOUBLE);
  return primitive(areNumbers ? 'double' : 'string');
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
