// Glue's operations over plain HTTP: a client that costs so little that what is measured is the server.
import { Agent, request } from 'node:http';

export interface GlueHttp {
  /** The answer's text. @throws Error with the answer when its status is not 200 */
  call(operation: string, input: object): Promise<string>;
  close(): void;
}

// moto tells services apart by the credential's scope. Nobody here verifies the signature.
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/glue/aws4_request, SignedHeaders=host, Signature=0';

/** @param connections kept alive, and the most that are open at once */
export function openGlueHttp(endpoint: string, connections: number): GlueHttp {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(endpoint);
  return {
    call: (operation, input) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(JSON.stringify(input));
        const headers = {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSGlue.${operation}`,
          authorization: AUTHORIZATION,
          'content-length': body.length,
        };
        const sent = request({ agent, hostname, port, method: 'POST', path: '/', headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            if (response.statusCode === 200) resolve(text);
            else reject(new Error(`${operation} was answered with ${response.statusCode}: ${text}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
