// The handler behind SDK clients, with no socket: what they would send is handed over, what they would receive comes back.
import { Readable } from 'node:stream';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions, HttpRequest as SdkHttpRequest, QueryParameterBag } from '@smithy/types';
import type { WireHandler } from './dispatch.js';

/** Host that in-process clients believe they speak to. */
export const IN_PROCESS_ENDPOINT = 'http://localhost';

/** A `requestHandler` for SDK v3 clients. */
export function inProcessRequestHandler(handler: WireHandler) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: SdkHttpRequest, { abortSignal }: HttpHandlerOptions = {}) {
      if (abortSignal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
      // As a socket would: without it a caller that polls in a tight loop starves the crawl that it waits for.
      await yieldToOthers();
      const answer = await handler({
        method: request.method,
        path: request.path,
        query: queryText(request.query),
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body: bodyOf(request.body),
        origin: IN_PROCESS_ENDPOINT,
      });
      const { body } = answer;
      const isEmpty = !(body instanceof Readable) && body.length === 0;
      return {
        response: new HttpResponse({
          statusCode: answer.statusCode,
          headers: answer.headers,
          body: body instanceof Readable ? body : Readable.from(isEmpty ? [] : [Buffer.from(body)]),
        }),
      };
    },
    destroy() {},
  };
}

function bodyOf(body: unknown): Readable | Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array || body instanceof Readable) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return Readable.from(body as AsyncIterable<Uint8Array>);
}

function queryText(query: QueryParameterBag | undefined): string {
  return Object.entries(query ?? {})
    .flatMap(([name, value]) => {
      const values = Array.isArray(value) ? value : [value];
      return values.map((item) => (item === null ? escape(name) : `${escape(name)}=${escape(item ?? '')}`));
    })
    .join('&');
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
