// awswrangler against a server: its catalog functions, and datasets whose tables it keeps in the catalog.
import { describePythonJourneys } from './python-journeys.js';

describePythonJourneys('awswrangler', ['awswrangler', 'boto3', 'pandas']);
