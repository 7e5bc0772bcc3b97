// Runs the ingest job's program with this process's arguments: what is bundled into one file for AWS Glue.
import { main } from './ingest.js';

void main(process.argv.slice(2));
