// The least that a JSON service on node:http can be: reads a request's body, answers the text of the file it was given.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const answer = readFileSync(process.argv[2]);
const headers = { 'content-type': 'application/x-amz-json-1.1', 'content-length': String(answer.length) };
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(answer));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
