// PyIceberg's Glue catalog against a server: tables whose metadata and data are in its S3.
import { describePythonJourneys } from './python-journeys.js';

describePythonJourneys('pyiceberg', ['pyiceberg', 'boto3', 'pyarrow']);
