// REST protocols: members bound to the path, query, headers and payload, and the rest in an XML or JSON body.
import { Readable } from 'node:stream';
import { decodeJson, encodeJson } from './json.js';
import { collectBody, type WireRequest, type WireResponse } from './message.js';
import type { Member, OperationShape, StructShape } from './schema.js';
import { decodeText, encodeText } from './text.js';
import { decodeXml, encodeElement, encodeMembers } from './xml.js';

export type BodyFormat = { name: 'xml'; namespace: string } | { name: 'json' };

/** The input of a REST operation; a streaming payload stays a stream and is the operation's to read. */
export async function decodeRest(
  operation: OperationShape,
  labels: Record<string, string>,
  query: readonly [name: string, value: string][],
  request: WireRequest,
  payload: Readable,
  format: BodyFormat,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  const bodyMembers: Member[] = [];
  for (const member of operation.input.members) {
    const { traits, shape, name } = member;
    if (traits.httpLabel) {
      if (labels[name] !== undefined) input[name] = decodeText(shape, labels[name], name);
    } else if (traits.httpQuery !== undefined) {
      const texts = query.filter(([key]) => key === traits.httpQuery).map(([, text]) => text);
      const last = texts.at(-1);
      if (last === undefined) continue;
      input[name] =
        shape.kind === 'list'
          ? texts.map((text) => decodeText(shape.item.shape, text, name))
          : decodeText(shape, last, name);
    } else if (traits.httpHeader !== undefined) {
      const text = request.headers[traits.httpHeader.toLowerCase()];
      if (text !== undefined) input[name] = decodeHeader(member, text);
    } else if (traits.httpPrefixHeaders !== undefined) {
      input[name] = prefixedHeaders(request.headers, traits.httpPrefixHeaders);
    } else if (traits.httpPayload) {
      const value = await decodePayload(member, payload, format);
      if (value !== undefined) input[name] = value;
    } else {
      bodyMembers.push(member);
    }
  }
  if (bodyMembers.length === 0) return input;
  return {
    ...input,
    ...decodeBody({ ...operation.input, members: bodyMembers }, await collectBody(payload), format),
  };
}

function decodeHeader(member: Member, text: string): unknown {
  const { shape, name } = member;
  if (shape.kind === 'list')
    return text.split(',').map((item) => decodeText(shape.item.shape, item.trim(), name));
  return decodeText(shape, text, name);
}

function prefixedHeaders(headers: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

async function decodePayload(member: Member, payload: Readable, format: BodyFormat): Promise<unknown> {
  const { shape } = member;
  if (shape.kind === 'blob' && shape.isStreaming) return payload;
  const body = await collectBody(payload);
  if (shape.kind === 'blob') return new Uint8Array(body.buffer, body.byteOffset, body.length);
  if (shape.kind === 'string') return body.toString('utf8');
  return body.length === 0 ? undefined : decodeBody(shape as StructShape, body, format);
}

function decodeBody(shape: StructShape, body: Buffer, format: BodyFormat): Record<string, unknown> {
  return format.name === 'xml' ? decodeXml(shape, body.toString('utf8')) : decodeJson(shape, body);
}

/** Headers and body of a REST answer. */
export function encodeRest(
  operation: OperationShape,
  output: Record<string, unknown>,
  format: BodyFormat,
): WireResponse {
  const response: WireResponse = { statusCode: operation.http.statusCode, headers: {}, body: '' };
  const bodyMembers: Member[] = [];
  let payload: Member | undefined;
  for (const member of operation.output.members) {
    const { traits, shape, name } = member;
    const value = output[name];
    if (traits.httpPayload) payload = member;
    else if (
      traits.httpHeader === undefined &&
      traits.httpPrefixHeaders === undefined &&
      !traits.httpResponseCode
    ) {
      bodyMembers.push(member);
    }
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) response.statusCode = value as number;
    if (traits.httpHeader !== undefined) {
      response.headers[traits.httpHeader.toLowerCase()] = encodeText(shape, value, 'http-date');
    }
    if (traits.httpPrefixHeaders !== undefined) {
      for (const [suffix, text] of Object.entries(value as Record<string, string>)) {
        response.headers[traits.httpPrefixHeaders + suffix] = text;
      }
    }
  }
  if (payload) encodePayload(payload, output[payload.name], response, format);
  else if (bodyMembers.length > 0) encodeBody(operation.output, bodyMembers, output, response, format);
  return response;
}

function encodePayload(member: Member, value: unknown, response: WireResponse, format: BodyFormat): void {
  if (value === undefined || value === null) return;
  if (value instanceof Readable || value instanceof Uint8Array || typeof value === 'string') {
    response.body = value;
    return;
  }
  const shape = member.shape as StructShape;
  if (format.name === 'json') {
    response.headers['content-type'] = 'application/json';
    response.body = encodeJson(shape, value);
    return;
  }
  response.headers['content-type'] = 'application/xml';
  response.body =
    XML_DECLARATION + encodeElement(member.traits.xmlName ?? shape.name, shape, value, format.namespace);
}

function encodeBody(
  shape: StructShape,
  members: Member[],
  output: Record<string, unknown>,
  response: WireResponse,
  format: BodyFormat,
): void {
  if (format.name === 'json') {
    response.headers['content-type'] = 'application/json';
    response.body = encodeJson({ ...shape, members }, output);
    return;
  }
  response.headers['content-type'] = 'application/xml';
  const rootName = shape.traits.xmlName ?? shape.name;
  const root: StructShape = { ...shape, members };
  // S3 writes GetBucketLocation's only member as the text of the root element itself.
  const [only] = members;
  const unwrapped = members.length === 1 && only?.name === rootName;
  response.body =
    XML_DECLARATION +
    (unwrapped
      ? encodeElement(rootName, only.shape, output[rootName] ?? '', format.namespace)
      : `<${rootName} xmlns="${format.namespace}">${encodeMembers(root.members, output)}</${rootName}>`);
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
