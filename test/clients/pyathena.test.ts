// PyAthena against a server: cursors, types and failures.
import { describePythonJourneys } from './python-journeys.js';

describePythonJourneys('pyathena', ['PyAthena', 'boto3', 'pandas']);
