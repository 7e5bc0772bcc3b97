// XML bodies: structures written by their shapes, and elements read back.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { AwsError } from './aws-error.js';
import type { Member, Shape, StructShape } from './schema.js';
import { decodeText, encodeText } from './text.js';

/** Children of an element by name; a name that stands more than once is a list. */
type Element = string | ElementMap;
interface ElementMap {
  [name: string]: Element | Element[];
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  processEntities: true,
  // Without it references by number (`&#10;`), with which clients write line ends, stay as they are.
  htmlEntities: true,
});

/** @throws AwsError MalformedXML */
export function decodeXml(shape: StructShape, text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  if (XMLValidator.validate(text) !== true) throw malformed();
  const document = parser.parse(text) as ElementMap;
  const root = Object.entries(document).find(([name]) => !name.startsWith('?'))?.[1];
  if (root === undefined || Array.isArray(root)) throw malformed();
  return decodeStruct(shape, root);
}

function malformed(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

function decodeStruct(shape: StructShape, element: Element): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  if (typeof element === 'string') {
    if (element.trim() !== '') throw malformed();
    return decoded;
  }
  for (const member of shape.members) {
    const child = element[xmlNameOf(member)];
    if (child !== undefined) decoded[member.name] = decodeMember(member, child);
  }
  return decoded;
}

function decodeMember(member: Member, element: Element | Element[]): unknown {
  if (member.shape.kind === 'list' && member.traits.xmlFlattened) {
    const { item } = member.shape;
    return asList(element).map((child) => decodeElement(item.shape, child, member.name));
  }
  return decodeElement(member.shape, asList(element)[0] ?? '', member.name);
}

function decodeElement(shape: Shape, element: Element, name: string): unknown {
  if (shape.kind === 'struct') return decodeStruct(shape, element);
  if (shape.kind === 'list') {
    if (typeof element === 'string') return [];
    const children = element[shape.item.traits.xmlName ?? 'member'];
    return children === undefined
      ? []
      : asList(children).map((child) => decodeElement(shape.item.shape, child, name));
  }
  if (typeof element !== 'string') throw malformed();
  return decodeText(shape, element, name);
}

function asList(element: Element | Element[]): Element[] {
  return Array.isArray(element) ? element : [element];
}

/** Elements for the members of a structure; what is bound to HTTP headers and the like is the caller's to leave out. */
export function encodeMembers(members: readonly Member[], value: Record<string, unknown>): string {
  return members
    .filter((member) => value[member.name] !== undefined && value[member.name] !== null)
    .map((member) => encodeMember(member, value[member.name]))
    .join('');
}

function encodeMember(member: Member, value: unknown): string {
  const name = xmlNameOf(member);
  const { shape } = member;
  if (shape.kind === 'list' && member.traits.xmlFlattened) {
    return (value as unknown[]).map((item) => encodeElement(name, shape.item.shape, item)).join('');
  }
  return encodeElement(name, shape, value);
}

/** One element and all it holds. */
export function encodeElement(name: string, shape: Shape, value: unknown, namespace?: string): string {
  const open = namespace ? `<${name} xmlns="${namespace}">` : `<${name}>`;
  return `${open}${encodeContent(shape, value)}</${name}>`;
}

function encodeContent(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'struct':
      return encodeMembers(shape.members, value as Record<string, unknown>);
    case 'list': {
      const itemName = shape.item.traits.xmlName ?? 'member';
      return (value as unknown[]).map((item) => encodeElement(itemName, shape.item.shape, item)).join('');
    }
    case 'map':
      return Object.entries(value as object)
        .map(([key, item]) => {
          const keyElement = encodeElement(shape.key.traits.xmlName ?? 'key', shape.key.shape, key);
          const valueElement = encodeElement(shape.value.traits.xmlName ?? 'value', shape.value.shape, item);
          return `<entry>${keyElement}${valueElement}</entry>`;
        })
        .join('');
    default:
      return escapeXml(encodeText(shape, value, 'date-time'));
  }
}

function xmlNameOf(member: Member): string {
  return member.traits.xmlName ?? member.name;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 cannot hold at all are written as character references, as S3 writes them. */
export function escapeXml(text: string): string {
  const escaped = text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] as string);
  return escaped.replace(CONTROL_CHARACTERS, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

// eslint-disable-next-line no-control-regex -- these are the very characters that need it
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
