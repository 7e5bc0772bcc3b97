// boto3 against a server: the catalog, crawlers, jobs, roles and objects as scripts use them.
import { describePythonJourneys } from './python-journeys.js';

describePythonJourneys('boto3', ['boto3']);
